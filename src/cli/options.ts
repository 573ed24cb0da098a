import type { Argv, Options } from 'yargs';
import { CHECKS, FIX_OPTIONS, PAUSE_VERSIONS } from './cure/options.ts';

/** Every option with a value is a string of exactly one word, so that `0x10` stays what was typed. */
function value(describe: string, more: Options = {}): Options {
  return { type: 'string', nargs: 1, requiresArg: true, describe, ...more };
}

export const GLOBAL_OPTIONS: Record<string, Options> = {
  debug: { type: 'boolean', alias: 'D', describe: 'Say more about our own faults (PODCTL_DEBUG)' },
  color: value('auto, always or never (NO_COLOR)'),
  config: value('File that goes before /etc/podctl/config.yaml (PODCTL_CONFIG); none: no file at all'),
};

/** What `sandbox exec -c` means is the container. */
export const WITH_SHORT_CONFIG: Record<string, Options> = {
  ...GLOBAL_OPTIONS,
  config: { ...GLOBAL_OPTIONS.config, alias: 'c' },
};

const OUTPUT = { alias: 'o' };

export function versionOptions(yargs: Argv): Argv {
  return yargs
    .options({ output: value('json or yaml', OUTPUT) })
    .example('$0 version -o json', 'with that of Node.js');
}

const DOCTOR: Record<string, Options> = {
  skip: value('Leave out checks, e.g. "image/*"; repeatable'),
  tag: value('Only checks with this tag; repeatable'),
  checks: CHECKS,
  'fail-on': value('Exit 1 from this severity on: error (default), warning, info, never'),
  output: value(
    'table (default), wide, json, yaml, ndjson, junit, sarif, github, markdown, html, prometheus, nagios, npd',
    OUTPUT,
  ),
  report: value('FORMAT=PATH: write a report beside stdout; repeatable'),
  jq: value('Print what this jq expression makes of the JSON report'),
  'save-snapshot': value('Save all that was seen, to be judged elsewhere'),
  'from-snapshot': value('Judge a saved snapshot instead of this node'),
  baseline: value('Tell and fail on what is new since this baseline, or report'),
  'save-baseline': value('Save what is found now as known'),
  'runtime-endpoint': value('Socket of the runtime (CONTAINER_RUNTIME_ENDPOINT)', { alias: 'r' }),
  root: value('Root folder of a node (found by itself in a debug pod), or an unpacked node image'),
  timeout: value('Deadline of one call to the runtime (10s)', { alias: 't' }),
  deadline: value('Deadline of the whole run (15s)'),
  'min-age': value('Younger objects are being made, not leaked (1m; with --fix 10m)'),
  'pause-versions': PAUSE_VERSIONS,
  require: value('Exit 3 when one of these facts is absent, e.g. runtime,kubelet'),
  schema: { type: 'boolean', describe: 'Print the JSON Schema of the JSON report, and look at nothing' },
  watch: { type: 'boolean', describe: 'Look again and again, and tell what appears and what goes' },
  interval: value('With --watch: how long after a look the next one begins at the latest (30s)'),
  verbose: {
    type: 'count',
    alias: 'v',
    describe: 'All subjects, information, and why something was not judged',
  },
};

export function doctorOptions(yargs: Argv): Argv {
  return yargs
    .positional('check', { type: 'string', array: true, describe: 'Ids or globs, e.g. "netns/*"' })
    .options({
      ...DOCTOR,
      active: {
        type: 'boolean',
        describe: 'Also make a sandbox, try it, and take it away (with a kubelet: --force kubelet)',
      },
      fix: { type: 'boolean', describe: 'Cure what there is a remedy for; see --risk' },
      ...FIX_OPTIONS,
    })
    .example('$0 doctor', 'what is wrong with this node, and the cure')
    .example('$0 doctor -o json --require runtime', 'for a pipeline; the exit code tells')
    .example('$0 doctor --baseline known.json', 'tells and fails on what is new since then')
    .example('$0 doctor --root DIR --require cni', 'an unpacked node image, before it is used')
    .example('$0 doctor --watch -o ndjson', 'one line for each change, until it is interrupted')
    .example('$0 doctor --active', 'can this node make a sandbox now, and which step fails')
    .example('$0 doctor --fix --dry-run', 'the cures of low risk; --risk widens them')
    .epilogue('Exit codes: 0 no fault, 1 faults, 2 usage, 3 not all could be seen.');
}

export function diffOptions(yargs: Argv): Argv {
  return yargs
    .positional('from', { type: 'string', demandOption: true, describe: 'Report or snapshot: how it was' })
    .positional('to', { type: 'string', demandOption: true, describe: 'Report or snapshot: how it is' })
    .options({
      output: value('table (default), wide, json, ndjson or yaml', OUTPUT),
      verbose: { type: 'count', alias: 'v', describe: 'Information too, and all subjects' },
    })
    .example('$0 diff yesterday.json today.json', 'what appeared, what is gone')
    .example('$0 doctor -o json | $0 diff old.json -', 'what changed until now')
    .epilogue('Exit codes: 0 the same is found in both, 1 something changed, 2 usage.');
}

export function checksOptions(yargs: Argv): Argv {
  return yargs
    .positional('id', { type: 'string', describe: 'e.g. netns/mismatch' })
    .options({ checks: CHECKS, output: value('table (default), json, yaml or name', OUTPUT) })
    .example('$0 checks', 'all of them, in one line each')
    .example('$0 checks netns/leaked', 'why it matters, what proves it, what it never reports');
}

export function pauseImageOptions(yargs: Argv): Argv {
  return yargs
    .options({
      output: value('File to write; stdout where it is no terminal', OUTPUT),
      tag: value('Name of the image, with its registry and tag'),
    })
    .example('$0 pause image -o pause.tar', 'the same program gives the same bytes');
}
