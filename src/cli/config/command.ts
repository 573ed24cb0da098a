import { isExpired } from '../../check/policy.ts';
import type { CheckMeta } from '../../model/check.ts';
import { escapeText } from '../../report/escape.ts';
import { renderJson } from '../../report/json.ts';
import { defaultStateDir } from '../../sandbox/state-folder.ts';
import { type Args, one, oneOf } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { checkFaults, type KnownChecks, optionsForm } from './check-names.ts';
import { configSchema } from './declaration.ts';
import { type Layer, parseLayer } from './layer.ts';
import { loadConfig, readConfig } from './load.ts';
import type { ConfigVerb } from './options.ts';
import { configPlaces } from './places.ts';
import { rule } from './ruling.ts';
import { ignoresOf } from './settle.ts';
import { asFile, effective, type Held, keyOf } from './view.ts';
import type { Fault } from './yaml-tree.ts';

const FORMATS = ['yaml', 'json'] as const;
const EXIT = { right: 0, expired: 1, wrong: 2 } as const;

/** `podctl config VERB`; gives the exit code. */
export async function configCommand(verb: ConfigVerb, args: Args, terminal: Terminal): Promise<number> {
  switch (verb) {
    case 'view':
      return viewCommand(args, terminal);
    case 'check':
      return checkCommand(args, terminal);
    case 'schema': {
      const { metas } = await knownChecks();
      terminal.out(await renderAs(one(args, 'output') ?? 'json', configSchema(optionsForm(metas))));
      return EXIT.right;
    }
  }
}

async function viewCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = oneOf('-o', FORMATS, one(args, 'output') ?? 'yaml');
  const layers = await loadConfig(args, terminal.env);
  const { metas } = await knownChecks(layers);
  const held = effective(
    layers,
    metas,
    terminal.env,
    defaultStateDir(process.geteuid?.() ?? 0, terminal.env),
  );
  if (args.origin !== true) terminal.out(await renderAs(format, asFile(held)));
  else if (format === 'yaml') terminal.out(await withOrigins(held));
  else terminal.out(renderJson(originData(layers, held)));
  return EXIT.right;
}

function originData(layers: readonly Layer[], held: readonly Held[]) {
  return {
    schema: 'podctl.config-view/v1',
    files: layers.map(({ file }) => file),
    values: held.map((one) => ({ key: keyOf(one), value: one.value, origin: one.origin })),
  };
}

async function withOrigins(held: readonly Held[]): Promise<string> {
  const { yamlWithNotes } = await import('../../report/yaml.ts');
  const notes = held.map(({ path, origin }) => ({ path, note: origin }));
  return yamlWithNotes(asFile(held), notes);
}

async function renderAs(format: string, value: unknown): Promise<string> {
  return oneOf('-o', FORMATS, format) === 'json'
    ? renderJson(value)
    : (await import('../../report/yaml.ts')).renderYaml(value);
}

/** Which checks there are; after what the files say about them, which must be right. */
async function knownChecks(layers: readonly Layer[] = []): Promise<KnownChecks> {
  const { assembleBy } = await import('../assemble.ts');
  const { checks: all, files } = await assembleBy({}, layers);
  const { checks } = await rule(layers, all, files);
  return { metas: checks.map((check): CheckMeta => check.meta), files };
}

async function checkCommand(args: Args, terminal: Terminal): Promise<number> {
  const file = one(args, 'file');
  const places =
    file === undefined
      ? configPlaces(args, terminal.env)
      : configPlaces({ config: file }, { PODCTL_CONFIG: 'none' }, true);
  const known = await knownChecks();
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  let code: number = EXIT.right;
  let files = 0;
  for (const place of places) {
    const text = readConfig(place);
    if (text === null) continue;
    files += 1;
    const { wrong, expired } = await examine(place.file, text, known, today);
    for (const { line, message } of [...wrong, ...expired])
      terminal.out(`${escapeText(`${place.file}:${line}: ${message}`)}\n`);
    code = Math.max(code, wrong.length > 0 ? EXIT.wrong : expired.length > 0 ? EXIT.expired : EXIT.right);
  }
  if (files === 0) terminal.err('there is no configuration\n');
  else if (code === EXIT.right)
    terminal.err(`nothing is wrong in ${files === 1 ? '1 file' : `${files} files`}\n`);
  return code;
}

async function examine(
  file: string,
  text: string,
  known: KnownChecks,
  today: string,
): Promise<{ wrong: Fault[]; expired: Fault[] }> {
  const parsed = await parseLayer(file, text);
  if ('faults' in parsed) return { wrong: parsed.faults, expired: [] };
  const expired = ignoresOf(parsed)
    .filter((one) => isExpired(one, today))
    .map(({ line, until }) => ({ line, message: `this ignore has expired: it was good until ${until}` }));
  return { wrong: checkFaults(parsed, known), expired };
}
