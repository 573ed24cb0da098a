import { escapeText } from '../report/escape.ts';
import { renderJson } from '../report/json.ts';
import { type Args, one, oneOf } from './args.ts';
import { type Asked, type Configured, withConfig } from './config/configured.ts';
import type { Layer } from './config/layer.ts';
import type { Ruling } from './config/ruling.ts';
import { wantsDebug } from './environment.ts';
import { EXIT_USAGE } from './exit-code.ts';
import { failureDocument, failureIn, failureOf, failureText } from './failure.ts';
import { monitorOf } from './output-asked.ts';
import { type Parsed, parseArgv } from './parse.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** What the scripts of `podctl completion` ask. Its words are those of a line that is still being typed. */
const COMPLETE = '__complete';
const MOST_SAID = 10_000;

/**
 * Runs a command line and returns the exit code. Never throws: a fault of ours is told, and is 2. Who asked for a
 * document gets one in any case.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv[0] === COMPLETE)
    return (await import('./completion/complete.ts')).complete(argv.slice(1), terminal);
  const { calledAs = 'podctl', env } = terminal;
  const ear = listening(terminal);
  try {
    const code = await performLine(await parseArgv(argv, calledAs), argv, ear.terminal);
    const failure = code === 0 || ear.isTold() ? null : failureIn(ear.said());
    if (failure !== null) terminal.out(await failureDocument(failure, code, argv));
    return code;
  } catch (error) {
    const failure = failureOf(error, calledAs);
    const monitor = await tellMonitor(error, argv, terminal);
    if (monitor === null && !ear.isTold()) terminal.out(await failureDocument(failure, EXIT_USAGE, argv));
    const isDebug = argv.includes('-D') || argv.includes('--debug') || wantsDebug(env);
    terminal.err(failureText(failure) + (isDebug && error instanceof Error ? `${error.stack}\n` : ''));
    return monitor ?? EXIT_USAGE;
  }
}

/** The same terminal, and what a command did with it. Of stderr the beginning is enough. */
function listening(terminal: Terminal) {
  let isTold = false;
  let said = '';
  const out = (text: string | Uint8Array) => {
    isTold = true;
    terminal.out(text);
  };
  const err = (text: string | Uint8Array) => {
    if (typeof text === 'string' && said.length < MOST_SAID) said += text;
    terminal.err(text);
  };
  return { terminal: { ...terminal, out, err }, isTold: () => isTold, said: () => said };
}

async function performLine(parsed: Parsed, argv: readonly string[], terminal: Terminal): Promise<number> {
  switch (parsed.command) {
    case 'help':
      (parsed.asked ? terminal.out : terminal.err)(parsed.text);
      return parsed.asked ? 0 : EXIT_USAGE;
    case 'version':
      terminal.out(await versionText(one(parsed.args, 'output')));
      return 0;
    case 'diff':
      return (await import('./diff.ts')).diffCommand(parsed.args, terminal);
    case 'completion':
      return (await import('./completion/command.ts')).completionCommand(parsed.args, terminal);
    case 'pause image':
      return (await import('./pause.ts')).pauseImageCommand(parsed.args, terminal);
    case 'config':
      return (await import('./config/command.ts')).configCommand(parsed.verb, parsed.args, terminal);
    case 'doctor':
      if (parsed.args.schema === true) return tellSchema(terminal);
      return withConfig(parsed, terminal, (configured) => perform(parsed, configured, argv));
    default:
      return withConfig(parsed, terminal, (configured) => perform(parsed, configured, argv));
  }
}

async function perform(
  asked: Asked,
  { args, terminal, layers }: Configured,
  argv: readonly string[],
): Promise<number> {
  switch (asked.command) {
    case 'checks':
      return tellChecks(args, await rulingOf(args, layers), terminal);
    case 'gc':
    case 'apply':
    case 'undo': {
      const { performCure } = await import('./cure/perform.ts');
      return performCure(asked.command, args, argv, terminal, await rulingOf(args, layers));
    }
    case 'author':
      return (await import('./author/perform.ts')).performAuthor(asked.verb, args, terminal);
    case 'sandbox':
      return (await import('./sandbox/perform.ts')).performSandbox(asked.verb, args, terminal);
    case 'inside':
      return (await import('./inside/perform.ts')).performInside(asked.verb, args, terminal, () =>
        rulingOf(args, layers),
      );
    case 'doctor':
      return examine(args, await rulingOf(args, layers), argv, terminal);
  }
}

/** Loaded for those who judge alone: checks and all that they need are two thirds of podctl. */
async function rulingOf(args: Args, layers: readonly Layer[]): Promise<Ruling> {
  const { assembleBy } = await import('./assemble.ts');
  const { rule } = await import('./config/ruling.ts');
  const { checks, files } = await assembleBy(args, layers);
  return rule(layers, checks, files);
}

async function tellSchema(terminal: Terminal): Promise<number> {
  terminal.out(renderJson((await import('../model/report-schema.ts')).reportSchema()));
  return 0;
}

async function tellChecks(args: Args, { checks, policy }: Ruling, terminal: Terminal): Promise<number> {
  const { CHECKS_FORMATS, describeCheck, listChecks } = await import('./checks.ts');
  const format = oneOf('-o', CHECKS_FORMATS, one(args, 'output') ?? 'table');
  const id = one(args, 'id');
  terminal.out(
    id === undefined
      ? await listChecks(checks, format)
      : await describeCheck(checks, id, format, terminal.columns),
  );
  for (const { fault } of policy.ownConfig?.checkFiles ?? [])
    if (fault !== '') terminal.err(`note: ${escapeText(fault)}\n`);
  return 0;
}

async function examine(
  args: Args,
  ruling: Ruling,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (args.watch === true) return (await import('./watch/perform.ts')).performWatch(args, ruling, terminal);
  const { doctorRequest, refuseOthers } = await import('./request.ts');
  const { kindOf } = await import('./kind-of.ts');
  const request = doctorRequest(args, terminal.env, ruling, kindOf);
  if (args.fix === true) return (await import('./cure/perform.ts')).performFix(request, args, argv, terminal);
  return (await import('./doctor.ts')).doctor(refuseOthers(args, request), terminal);
}

async function versionText(format: string | undefined): Promise<string> {
  if (format === undefined) return `podctl ${VERSION}\n`;
  const data = { schema: 'podctl.version/v1', podctl: VERSION, node: process.versions.node };
  return oneOf('-o', ['json', 'yaml'], format) === 'json'
    ? renderJson(data)
    : (await import('../report/yaml.ts')).renderYaml(data);
}

/** Programs that run podctl as their plugin read stdout, and have exit codes of their own. */
async function tellMonitor(
  error: unknown,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number | null> {
  const format = monitorOf(argv);
  if (format === undefined) return null;
  const { monitorFault } = await import('./monitor.ts');
  const { text, code } = monitorFault(format, error instanceof Error ? error.message : String(error));
  terminal.out(text);
  return code;
}
