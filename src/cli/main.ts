import { escapeText } from '../report/escape.ts';
import { renderJson } from '../report/json.ts';
import { one, oneOf } from './args.ts';
import { builtinChecks } from './builtin-checks.ts';
import { CHECKS_FORMATS, describeCheck, listChecks } from './checks.ts';
import { doctor } from './doctor.ts';
import { EXIT_USAGE } from './exit-code.ts';
import { isSet } from './is-set.ts';
import { kindOf } from './kind-of.ts';
import { type Parsed, parseArgv } from './parse.ts';
import { doctorRequest, refuseFixing } from './request.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** Runs a command line and returns the exit code. Never throws: a fault of ours is told, and is 2. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await perform(await parseArgv(argv), argv, terminal);
  } catch (error) {
    const debug = argv.includes('-D') || argv.includes('--debug') || isSet(terminal.env.PODCTL_DEBUG);
    terminal.err(explain(error, debug));
    return EXIT_USAGE;
  }
}

async function perform(parsed: Parsed, argv: readonly string[], terminal: Terminal): Promise<number> {
  switch (parsed.command) {
    case 'help':
      (parsed.asked ? terminal.out : terminal.err)(parsed.text);
      return parsed.asked ? 0 : EXIT_USAGE;
    case 'version':
      terminal.out(await versionText(one(parsed.args, 'output')));
      return 0;
    case 'checks': {
      const format = oneOf('-o', CHECKS_FORMATS, one(parsed.args, 'output') ?? 'table');
      const id = one(parsed.args, 'id');
      terminal.out(
        id === undefined
          ? await listChecks(builtinChecks, format)
          : await describeCheck(builtinChecks, id, format, terminal.columns),
      );
      return 0;
    }
    case 'pause image':
      return (await import('./pause.ts')).pauseImageCommand(parsed.args, terminal);
    case 'gc':
    case 'apply':
    case 'undo':
      return (await import('./cure/perform.ts')).performCure(parsed.command, parsed.args, argv, terminal);
    case 'sandbox':
      return (await import('./sandbox/perform.ts')).performSandbox(parsed.verb, parsed.args, terminal);
    case 'inside':
      return (await import('./inside/perform.ts')).performInside(parsed.verb, parsed.args, terminal);
    case 'doctor': {
      const request = doctorRequest(parsed.args, terminal.env, builtinChecks, kindOf);
      if (parsed.args.fix !== true) return doctor(refuseFixing(parsed.args, request), terminal);
      return (await import('./cure/perform.ts')).performFix(request, parsed.args, argv, terminal);
    }
  }
}

async function versionText(format: string | undefined): Promise<string> {
  if (format === undefined) return `podctl ${VERSION}\n`;
  const data = { schema: 'podctl.version/v1', podctl: VERSION, node: process.versions.node };
  return oneOf('-o', ['json', 'yaml'], format) === 'json'
    ? renderJson(data)
    : (await import('../report/yaml.ts')).renderYaml(data);
}

function explain(error: unknown, debug: boolean): string {
  const known = error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = known
    ? error.hint
    : 'this is a fault of podctl; run it again with --debug and report what it says';
  const stack = debug && error instanceof Error && error.stack ? `${error.stack}\n` : '';
  const lines = [`error: ${known ? '' : 'podctl failed: '}${message}`, hint === '' ? '' : `hint: ${hint}`];
  return lines
    .filter((line) => line !== '')
    .map((line) => `${escapeText(line)}\n`)
    .join('')
    .concat(stack);
}
