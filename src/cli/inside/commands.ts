import type { Argv, Options } from 'yargs';
import type { Args } from '../args.ts';

export const INSIDE_VERBS = ['ps', 'tree', 'inspect', 'netns', 'logs', 'owner'] as const;
export type InsideVerb = (typeof INSIDE_VERBS)[number];

/** Every option with a value is a string of exactly one word. */
export function value(describe: string, more: Options = {}): Options {
  return { type: 'string', nargs: 1, requiresArg: true, describe, ...more };
}

export const LIVE: Record<string, Options> = {
  'runtime-endpoint': value('Socket of the runtime (CONTAINER_RUNTIME_ENDPOINT)', { alias: 'r' }),
  root: value("Where the node's root folder is; found by itself in a debug pod"),
  timeout: value('Deadline of one call to the runtime (10s)', { alias: 't' }),
  deadline: value('Deadline of the whole run (15s)'),
  verbose: { type: 'count', alias: 'v', describe: 'Say more' },
};
const SHOWN: Record<string, Options> = {
  output: value('table (default), wide, json or yaml', { alias: 'o' }),
  jq: value('Print what this jq expression makes of the JSON'),
  'no-trunc': { type: 'boolean', describe: 'Full ids, and nothing cut' },
};
const DRAWN: Record<string, Options> = {
  ...SHOWN,
  output: value('table (default), wide, json, yaml or svg: the node as a picture', { alias: 'o' }),
};
export const SAVED: Record<string, Options> = {
  'from-snapshot': value('Look into a saved snapshot instead of this node'),
};

const FILTERS: Record<string, Options> = {
  id: value('Beginning of an id'),
  name: value('Regular expression of the name'),
  namespace: value('Regular expression of the namespace'),
  'namespace-exact': value('The namespace itself'),
  state: value('ready, notready, unlisted or unknown', { alias: 's' }),
  latest: { type: 'boolean', describe: 'The newest pod alone' },
  last: value('This many of the newest pods'),
  quiet: { type: 'boolean', alias: 'q', describe: 'Full ids and nothing else' },
};

const LOGS: Record<string, Options> = {
  follow: { type: 'boolean', alias: 'f', describe: 'Go on until the container ends' },
  tail: value('Only this many of the last lines'),
  timestamps: { type: 'boolean', describe: 'Begin each line with its time' },
};

const POD = 'Name, namespace/name, id, or beginning of an id';
const CODES = 'Exit codes: 0 found, 1 no such thing, 2 usage, 3 not all could be seen.';

/** Declares the commands that look inside pods; `take` hears which one was given. */
export function insideCommands(yargs: Argv, take: (verb: InsideVerb, args: Args) => void): Argv {
  const hears = (verb: InsideVerb) => (args: Args) => take(verb, args);
  const text = (describe: string) => ({ type: 'string', describe }) as const;
  return yargs
    .command(
      'ps [filter]',
      'List pods with pause, network namespace, address and containers',
      (y) =>
        y
          .positional('filter', text('Part of namespace/name, or beginning of an id'))
          .options({ ...FILTERS, ...SHOWN, ...SAVED, ...LIVE })
          .example('$0 ps -s notready', 'pods whose sandbox is dead')
          .example('$0 ps kube-system -o json', 'for a pipeline')
          .epilogue(CODES),
      hears('ps'),
    )
    .command(
      'tree [pod]',
      'Show pause, containers and processes, and namespaces that differ',
      (y) =>
        y
          .positional('pod', text(`${POD}; all without one`))
          .options({ ...DRAWN, ...SAVED, ...LIVE })
          .example('$0 tree default/web', 'its processes, and who is in another namespace')
          .example('$0 tree -o svg > node.svg', 'the node as a picture')
          .epilogue(CODES),
      hears('tree'),
    )
    .command(
      'inspect <thing>',
      'What kubelet, runtime, kernel and disk say, side by side',
      (y) =>
        y
          .positional('thing', text('Pod, container (name, id, pod/container), or pid'))
          .options({ ...SHOWN, ...SAVED, ...LIVE })
          .example('$0 inspect default/web', 'where its four witnesses disagree')
          .epilogue(CODES),
      hears('inspect'),
    )
    .command(
      'netns <pod>',
      'Addresses, routes, listening sockets and host ends of a pod',
      (y) =>
        y
          .positional('pod', text(POD))
          .options({ ...SHOWN, ...LIVE })
          .example('$0 netns default/web', 'what it listens on, and its veth')
          .epilogue(CODES),
      hears('netns'),
    )
    .command(
      'logs <pod> [container]',
      "Print a container's log, or the pause's",
      (y) =>
        y
          .positional('pod', text(POD))
          .positional('container', text('Name, or beginning of an id; the pause without one'))
          .options({ ...LOGS, ...LIVE })
          .example('$0 logs default/web app --tail 20', 'the last lines of a container')
          .example('$0 logs default/web', 'what its pause said')
          .epilogue(CODES),
      hears('logs'),
    )
    .command(
      'owner <thing>',
      'Whose it is, and how that is known',
      (y) =>
        y
          .positional('thing', text(THING))
          .options({ ...SHOWN, ...SAVED, ...LIVE })
          .example('$0 owner 4026532177', 'the pod of a network namespace')
          .example('$0 owner 10.88.0.17', 'the pod of an address')
          .epilogue(CODES),
      hears('owner'),
    );
}

const THING =
  'A pid, inode or net:[inode], pin, veth, address, MAC, id, pod uid, or the path of a reservation, cache entry, cgroup or bundle';
