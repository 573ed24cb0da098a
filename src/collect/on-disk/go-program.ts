import type { ReadHost } from '../../host/read-host.ts';
import type { Section } from './elf-sections.ts';

/** What the builder of a Go program wrote into it. */
export interface GoBuild {
  /** Package of its main function: k8s.io/kubernetes/cmd/kubelet. */
  path: string;
  /** Release of its module; '' where it was not built as one. */
  version: string;
  /** Texts that the linker was told to put in, by the variable that holds them. */
  linked: Map<string, string>;
}

const MAGIC = '\xff Go buildinf:';
const TEXTS_FOLLOW = 2;
const TEXTS_AT = 32;
/** Marks at both ends of the text. */
const MARK = 16;
/** A kubelet with all its modules needs a thirtieth. */
const MAX_BYTES = 1024 * 1024;

/** Reads the section `.go.buildinfo`, as Go 1.18 and later write it; null for anything else. */
export function goBuild(host: ReadHost, file: string, section: Section): GoBuild | null {
  const bytes = host.readPart(file, section.from, Math.min(section.size, MAX_BYTES));
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  if (((bytes[MAGIC.length + 1] ?? 0) & TEXTS_FOLLOW) === 0) return null;
  const [, afterVersion] = textAt(bytes, TEXTS_AT);
  const [text] = textAt(bytes, afterVersion);
  const lines = text.slice(MARK, -MARK).split('\n');
  const fields = (key: string) => lines.find((line) => line.startsWith(`${key}\t`))?.split('\t') ?? [];
  const flags = lines.find((line) => line.startsWith('build\t-ldflags=')) ?? '';
  const version = fields('mod')[2] ?? '';
  return {
    path: fields('path')[1] ?? '',
    version: version === '(devel)' ? '' : version,
    linked: new Map([...flags.matchAll(LINKED)].map(([, name = '', value = '']) => [name, value])),
  };
}

/** `-X path.Name=value`, quoted or not. */
const LINKED = /-X[ =]\\?['"]?([\w./-]+)=([^\s'"\\]+)/g;

/** A text with its length before it, and where it ends. */
function textAt(bytes: Buffer, at: number): [string, number] {
  let length = 0;
  let place = at;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[place] ?? 0;
    place += 1;
    length += (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return [bytes.toString('utf8', place, place + length), place + length];
}

const CHUNK = 1024 * 1024;
/** Longer than any text that is looked for. */
const OVERLAP = 128;
const MAX_SECTION = 256 * 1024 * 1024;
const RELEASE = /\0(v?\d{1,3}\.\d{1,3}\.\d{1,3}[-+~.\w]{0,60})(?=\0)/g;

/**
 * Releases that stand by themselves in a program's constants: the linker puts what it is told between two NULs, while
 * the texts of the program's own source follow each other without any.
 */
export function loneReleases(host: ReadHost, file: string, { from, size }: Section): Set<string> {
  const found = new Set<string>();
  const end = from + Math.min(size, MAX_SECTION);
  for (let at = from; at < end; at += CHUNK) {
    const text = host.readPart(file, at, Math.min(CHUNK + OVERLAP, end - at)).toString('latin1');
    if (text === '') break;
    for (const [, release = ''] of text.matchAll(RELEASE)) found.add(release);
  }
  return found;
}
