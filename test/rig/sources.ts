import fs from 'node:fs';
import path from 'node:path';

/** One entry of the machine's apt configuration: fields by lower-case name. */
export type AptSource = Record<string, string>;

/** Entries of a deb822 file (`.sources`). */
export function parseDeb822(text: string): AptSource[] {
  return text.split(/\n(?:[ \t]*\n)+/).flatMap((stanza) => {
    const source: AptSource = {};
    let last = '';
    for (const line of stanza.split('\n')) {
      if (line.startsWith('#')) continue;
      const field = /^([\w-]+):[ \t]*(.*)$/.exec(line);
      if (field) {
        last = (field[1] ?? '').toLowerCase();
        source[last] = field[2] ?? '';
      } else if (last !== '' && /^[ \t]/.test(line)) {
        source[last] += `\n${line}`;
      }
    }
    return source.uris && source.suites ? [source] : [];
  });
}

/** Options of the one-line style that deb822 calls otherwise. */
const FIELDS: Record<string, string> = { arch: 'architectures', lang: 'languages', target: 'targets' };

/** Entries of a one-line-style file (`.list`): `deb [signed-by=KEY] URI SUITE COMPONENT...`. */
export function parseList(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const m = /^\s*(deb(?:-src)?)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!m) return [];
    const [, types = '', options = '', uris = '', suites = '', components = ''] = m;
    const source: AptSource = { types, uris, suites, components: components.trim() };
    for (const option of options.split(/\s+/).filter(Boolean)) {
      const [name = '', value = ''] = option.split(/=(.*)/);
      source[FIELDS[name.toLowerCase()] ?? name.toLowerCase()] = value.replaceAll(',', ' ');
    }
    return [source];
  });
}

/**
 * A deb822 text for another suite on the mirrors that give this machine its own one (`codename`).
 * Throws when the machine has no such mirror.
 */
export function sourcesFor(sources: AptSource[], codename: string, suite: string): string {
  const kept = sources.filter(
    (s) =>
      words(s.types).includes('deb') &&
      words(s.suites).includes(codename) &&
      words(s.components).includes('main') &&
      s.enabled?.toLowerCase() !== 'no',
  );
  if (kept.length === 0)
    throw new Error(`apt here has no source with ${codename} main to take ${suite} from`);
  return kept
    .map((s) => {
      const fields = { ...s, types: 'deb', suites: suite, components: 'main' };
      return Object.entries(fields)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join('');
    })
    .join('\n');
}

/** Reads the machine's apt sources. Throws when it has none. */
export function readSources(folder = '/etc/apt'): AptSource[] {
  const parts = path.join(folder, 'sources.list.d');
  const files = [path.join(folder, 'sources.list'), ...list(parts).map((name) => path.join(parts, name))];
  const sources = files.flatMap((file) => {
    if (!fs.existsSync(file)) return [];
    if (file.endsWith('.sources')) return parseDeb822(fs.readFileSync(file, 'utf8'));
    return file.endsWith('.list') ? parseList(fs.readFileSync(file, 'utf8')) : [];
  });
  if (sources.length === 0) throw new Error(`no apt sources in ${folder}: Debian packages cannot be fetched`);
  return sources;
}

function list(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter(Boolean);
}
