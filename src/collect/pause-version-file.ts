import type { PauseVersionsFact } from '../model/facts.ts';
import { PAUSE_VERSIONS } from '../model/pause-version-data.ts';
import { referenceFault } from '../model/reference.ts';
import { isObject } from '../model/shape.ts';

/** What is wrong with a file, and in which line (from 1); null where no line can be named. */
export interface FileFault {
  line: number | null;
  message: string;
}

const SCHEMA = 'podctl.pause-versions/v1';

/** Says what text has to be; null when it is that. */
type Rule = (text: string) => string | null;

const like =
  (pattern: RegExp, noun: string): Rule =>
  (text) =>
    pattern.test(text) ? null : `is not ${noun}`;
const isMinor = like(/^1\.\d{1,3}$/, 'a minor of Kubernetes, such as 1.34');
const isRelease = like(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, 'a release, such as 2.3.0');
const isTag = like(/^\w[\w.-]{0,127}$/, 'a tag, such as 3.10');
const isDay = like(/^\d{4}-\d\d-\d\d$/, 'a day, such as 2026-11-23');
const isDigest = like(/^sha256:[0-9a-f]{64}$/, 'a digest: sha256: and 64 digits');
const isSchema = like(/^podctl\.pause-versions\/v1$/, SCHEMA);
const isImage: Rule = (text) => {
  const fault = referenceFault(text);
  return fault === null ? null : `is no image: ${fault}`;
};

/** The form of a part of the file. */
type Form = { text: Rule } | { list: Rule } | { keys: Rule; values: Rule } | { fields: Record<string, Form> };

const FORM: Form = {
  fields: {
    schema: { text: isSchema },
    asOf: { text: isDay },
    kubeadm: { keys: isMinor, values: isTag },
    defaults: {
      fields: {
        containerd: { keys: isRelease, values: isImage },
        crio: { keys: isRelease, values: isImage },
      },
    },
    pinning: { fields: { containerd: { list: isRelease } } },
    digests: { keys: isTag, values: isDigest },
  },
};

interface Said {
  schema?: string;
  asOf?: string;
  kubeadm?: Record<string, string>;
  defaults?: { containerd?: Record<string, string>; crio?: Record<string, string> };
  pinning?: { containerd?: string[] };
  digests?: Record<string, string>;
}

/**
 * What podctl knows with a file laid over it: rows are added or replaced, `pinning` is replaced. YAML or JSON; all
 * values are text as it is written, so that 3.10 stays 3.10. The file is not quoted beyond its own keys and values.
 */
export async function parsePauseVersions(
  text: string,
  source: string,
): Promise<{ value: PauseVersionsFact } | { fault: FileFault }> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  let document: ReturnType<typeof parseDocument>;
  let said: unknown;
  try {
    document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, logLevel: 'silent' });
    const [error] = document.errors;
    if (error) {
      const [first = ''] = error.message.split('\n');
      const message = first.replace(/ at line \d+.*/, '');
      return { fault: { line: error.linePos?.[0].line ?? null, message } };
    }
    said = document.toJS({ maxAliasCount: 100 });
  } catch {
    return { fault: { line: null, message: 'it is nested too deeply, or its aliases lead nowhere' } };
  }
  const wrong = isObject(said) && said.schema === undefined ? noSchema : faultOf(said, FORM, []);
  if (wrong === null) return { value: laidOver(said as Said, source) };
  const node: unknown = document.getIn(wrong.path, true);
  const start = isObject(node) && Array.isArray(node.range) ? Number(node.range[0]) : null;
  return { fault: { line: start === null ? null : lines.linePos(start).line, message: wrong.message } };
}

function laidOver(said: Said, source: string): PauseVersionsFact {
  const { asOf, kubeadm, defaults, pinning, digests } = PAUSE_VERSIONS;
  return {
    source,
    asOf: said.asOf ?? asOf,
    kubeadm: { ...kubeadm, ...said.kubeadm },
    defaults: {
      containerd: { ...defaults.containerd, ...said.defaults?.containerd },
      crio: { ...defaults.crio, ...said.defaults?.crio },
    },
    pinning: { containerd: said.pinning?.containerd ?? pinning.containerd },
    digests: { ...digests, ...said.digests },
  };
}

interface Wrong {
  path: string[];
  message: string;
}

const noSchema: Wrong = { path: [], message: `it has no line "schema: ${SCHEMA}"` };

/** The first fault of a value and what is in it. */
function faultOf(value: unknown, form: Form, path: string[]): Wrong | null {
  const wrong = (message: string) => ({ path, message: `${path.join('.') || 'the file'} ${message}` });
  if ('text' in form) {
    if (typeof value !== 'string') return wrong('is not a text');
    const fault = form.text(value);
    return fault === null ? null : wrong(`= ${JSON.stringify(value.slice(0, 100))} ${fault}`);
  }
  if ('list' in form) {
    if (!Array.isArray(value)) return wrong('is not a list');
    const faults = value.map((one, i) => faultOf(one, { text: form.list }, [...path, String(i)]));
    return faults.find((fault) => fault !== null) ?? null;
  }
  if (!isObject(value)) return wrong('is not a table of keys and values');
  for (const [key, below] of Object.entries(value)) {
    const at = [...path, key];
    const fault = 'keys' in form ? form.keys(key) : unknownKey(form.fields, key);
    if (fault !== null)
      return { path: at, message: `${JSON.stringify(at.join('.').slice(0, 100))} ${fault}` };
    const inside = 'keys' in form ? { text: form.values } : form.fields[key];
    const deeper = inside ? faultOf(below, inside, at) : null;
    if (deeper !== null) return deeper;
  }
  return null;
}

function unknownKey(fields: Record<string, Form>, key: string): string | null {
  return Object.hasOwn(fields, key) ? null : `is no key of it: it has ${Object.keys(fields).join(', ')}`;
}
