import type { Argv, Options } from 'yargs';
import type { Args } from '../args.ts';

export const SANDBOX_VERBS = [
  'create',
  'ls',
  'inspect',
  'run',
  'exec',
  'logs',
  'stop',
  'rm',
  'repair',
  'check',
] as const;
export type SandboxVerb = (typeof SANDBOX_VERBS)[number];

function value(describe: string, more: Options = {}): Options {
  return { type: 'string', nargs: 1, requiresArg: true, describe, ...more };
}

const OUTPUT = value('table (default), json or yaml', { alias: 'o' });
const STATE_DIR = value("Where podctl's records are (PODCTL_STATE_DIR; /run/podctl)");
const COMMON: Record<string, Options> = {
  output: OUTPUT,
  'state-dir': STATE_DIR,
};

/** The same through the node's runtime. */
const VIA: Record<string, Options> = {
  via: value("cri: the sandbox is the node's container runtime's, not podctl's own"),
  'runtime-endpoint': value('With --via cri: its socket (CONTAINER_RUNTIME_ENDPOINT)', { alias: 'r' }),
};

const CREATE: Record<string, Options> = {
  network: value('podctl (default), none, a network by name, or a conflist file; with --via cri: host'),
  'cni-conf-dir': value('Where networks are found by name (/etc/cni/net.d)'),
  'cni-bin-dir': value('Folder of CNI plugins; repeatable (CNI_PATH)'),
  'share-pid': { type: 'boolean', describe: 'Containers share one PID namespace' },
  hostname: value('Hostname (the name of the sandbox)'),
  sysctl: value('NAME=VALUE, set in the namespaces; repeatable'),
  dns: value('Address of a name server; repeatable'),
  'dns-search': value('Search domain; repeatable'),
  'dns-option': value('Option of resolv.conf; repeatable'),
  publish: value('[ADDRESS:]HOSTPORT:PORT[/PROTOCOL]; repeatable', { alias: 'p' }),
  label: value('KEY=VALUE; repeatable', { alias: 'l' }),
  annotation: value('KEY=VALUE; repeatable'),
  file: value('Pod file: the PodSandboxConfig that crictl runp takes', { alias: 'f' }),
  schema: { type: 'boolean', describe: 'Print the JSON Schema of a pod file' },
};

const RUN: Record<string, Options> = {
  name: value('Name of the container, a DNS label (its program)'),
  rootfs: value("Its root folder (the host's own)"),
  bundle: value('OCI bundle, run by runc or crun'),
  image: value('With --via cri: its image, pulled where it is missing'),
  cwd: value('Working folder (/)'),
  env: value('NAME=VALUE; repeatable', { alias: 'e' }),
  detach: { type: 'boolean', alias: 'd', describe: 'Leave it running; its output goes to a log' },
};
const EXEC: Record<string, Options> = {
  container: value('Into all namespaces of this container', { alias: 'c' }),
  cwd: value('Working folder (/)'),
  env: value('NAME=VALUE; repeatable', { alias: 'e' }),
};
const LOGS: Record<string, Options> = {
  follow: { type: 'boolean', alias: 'f', describe: 'Go on until the container ends' },
  tail: value('Only this many of the last lines'),
  timestamps: { type: 'boolean', describe: 'Begin each line with its time' },
};
const PROGRAM = { type: 'string', array: true, describe: 'After --: the program and its arguments' } as const;

const WHICH = { type: 'string', describe: 'Name, id, or beginning of an id' } as const;

const TRUNC: Options = { type: 'boolean', describe: 'Full ids' };
const GRACE = value('How long containers may take to end by themselves (10s)', { alias: 't' });
const GRACE_OF_FORCE = value('With --force: how long containers may take to end (2s)', { alias: 't' });
const RUN_CODES =
  "Exit codes: the program's own, 128 + signal; 126 it cannot be run, 127 there is none; 1 or 2 ours.";
const FORCE: Options = {
  type: 'boolean',
  alias: 'f',
  describe: 'Also with processes in it, or when its network cannot be taken down',
};
const ALL: Options = { type: 'boolean', describe: 'Every sandbox' };
const DRY_RUN: Options = { type: 'boolean', describe: 'Only say what would be done' };

const SOME = { ...WHICH, array: true } as const;

/** What yargs is told of a verb. */
interface Declaration {
  words: string | string[];
  describe: string;
  /** What may be typed behind `podctl sandbox`, and what it does. */
  example: [string, string];
  build(y: Argv): Argv;
}

const VERBS: Record<SandboxVerb, Declaration> = {
  create: {
    words: 'create [name]',
    describe: 'Make a sandbox: pause, namespaces, network',
    example: ['create web --network none', 'loopback alone, so that no plugin is needed'],
    build: (y) =>
      y
        .positional('name', { type: 'string', describe: 'A DNS label' })
        .options({ ...CREATE, ...VIA, ...COMMON }),
  },
  ls: {
    words: ['ls', 'list'],
    describe: 'List sandboxes',
    example: ['ls -o json', 'for a pipeline'],
    build: (y) => y.options({ ...COMMON, 'no-trunc': TRUNC }),
  },
  inspect: {
    words: 'inspect <sandbox>',
    describe: 'Show addresses, routes, namespaces, pins and containers',
    example: ['inspect web', 'also by the beginning of its id'],
    build: (y) => y.positional('sandbox', WHICH).options(COMMON),
  },
  run: {
    words: 'run <sandbox> [command..]',
    describe: 'Start a container in it: run web -- httpd -f; its exit code becomes ours',
    example: ['run web --name app -d -- httpd -f', 'a container that goes on running'],
    build: (y) =>
      y
        .positional('sandbox', WHICH)
        .positional('command', PROGRAM)
        .options({ ...RUN, ...VIA, ...COMMON })
        .epilogue(RUN_CODES),
  },
  exec: {
    words: 'exec <sandbox> [command..]',
    describe: 'Run a program in it, or in one of its containers: exec web -- ip address',
    example: ['exec web -- ip address', 'in its network namespace'],
    build: (y) =>
      y
        .positional('sandbox', WHICH)
        .positional('command', PROGRAM)
        .options({ ...EXEC, 'state-dir': STATE_DIR })
        .epilogue(RUN_CODES),
  },
  logs: {
    words: 'logs <sandbox> [container]',
    describe: 'Print what a detached container wrote',
    example: ['logs web --follow', 'until the container ends'],
    build: (y) =>
      y
        .positional('sandbox', WHICH)
        .positional('container', { type: 'string', describe: 'The only one, if there is one' })
        .options({ ...LOGS, 'state-dir': STATE_DIR }),
  },
  stop: {
    words: 'stop <sandbox..>',
    describe: 'End its processes and give its addresses back; its record stays',
    example: ['stop web', 'the record stays, for: podctl sandbox repair'],
    build: (y) => y.positional('sandbox', SOME).options({ ...VIA, ...COMMON, timeout: GRACE }),
  },
  rm: {
    words: 'rm <sandbox..>',
    describe: 'Remove it and all that belongs to it',
    example: ['rm -f web', 'also with processes in it'],
    build: (y) =>
      y.positional('sandbox', SOME).options({ ...VIA, ...COMMON, force: FORCE, timeout: GRACE_OF_FORCE }),
  },
  repair: {
    words: 'repair [sandbox]',
    describe: 'Make it again what its record says, in the same namespaces',
    example: ['repair --all --dry-run', 'what would be done'],
    build: (y) => y.positional('sandbox', WHICH).options({ ...COMMON, all: ALL, 'dry-run': DRY_RUN }),
  },
  check: {
    words: 'check [sandbox]',
    describe: 'Say how it differs from its record; exit code 1 when it does',
    example: ['check web', 'exit code 1 when it differs'],
    build: (y) => y.positional('sandbox', WHICH).options(COMMON),
  },
};

/**
 * Declares `podctl sandbox VERB`; `take` hears which verb was given. All verbs, unless it is one of them that
 * begins the words: telling yargs of the others would cost more than some of them do.
 */
export function sandboxCommands(
  yargs: Argv,
  first: string | undefined,
  take: (verb: SandboxVerb, args: Args) => void,
): Argv {
  const given = SANDBOX_VERBS.filter((verb) => verb === first);
  for (const verb of given.length > 0 ? given : SANDBOX_VERBS) {
    const { words, describe, example, build } = VERBS[verb];
    const declare = (y: Argv) => build(y).example(`$0 sandbox ${example[0]}`, example[1]);
    yargs.command(words, describe, declare, (args: Args) => take(verb, args));
  }
  if (given.length === 0) yargs.example('$0 sandbox create web', 'a pause, its namespaces and its network');
  return yargs.demandCommand(1, 1, `podctl sandbox wants one of ${SANDBOX_VERBS.join(', ')}`);
}
