import { createReadHost, problemOf } from '../../host/read-host.ts';
import type { SandboxSpec } from '../../model/sandbox.ts';
import { requireName } from '../../sandbox/lookup.ts';
import { type Maker, type PodFile, parsePodFile } from '../../sandbox/pod-file.ts';
import { parsePairs, parsePublish, requireServer, requireSysctls, requireWord } from '../../sandbox/words.ts';
import { type Args, many, one } from '../args.ts';
import { UsageError } from '../usage-error.ts';

/** What `create` was asked for, network aside. `runtime` and `ignored` are of the pod file. */
interface Asked {
  name: string | null;
  spec: Omit<SandboxSpec, 'network'>;
  runtime: PodFile['runtime'] | null;
  ignored: string[];
}

/** Options go before what the pod file says; lists are added to its lists. */
export function specOf(args: Args, maker: Maker): Asked {
  const file = one(args, 'file');
  const pod = file === undefined ? null : parsePodFile(readText(file), file, maker);
  const base = pod?.spec ?? EMPTY;
  const name = one(args, 'name') ?? pod?.name ?? null;
  const hostname = one(args, 'hostname');
  return {
    name: name === null ? null : requireName('the name', name),
    spec: {
      ...base,
      hostname: hostname === undefined ? base.hostname : requireName('the hostname', hostname),
      sharePid: args['share-pid'] === true || base.sharePid,
      sysctls: { ...base.sysctls, ...requireSysctls(parsePairs('--sysctl', many(args, 'sysctl'))) },
      dns: {
        servers: [...base.dns.servers, ...many(args, 'dns').map(requireServer)],
        searches: [...base.dns.searches, ...words(args, 'dns-search')],
        options: [...base.dns.options, ...words(args, 'dns-option')],
      },
      ports: [...base.ports, ...many(args, 'publish').map(parsePublish)],
      labels: { ...base.labels, ...parsePairs('--label', many(args, 'label')) },
      annotations: { ...base.annotations, ...parsePairs('--annotation', many(args, 'annotation')) },
    },
    runtime: pod?.runtime ?? null,
    ignored: pod?.ignored ?? [],
  };
}

const EMPTY: Asked['spec'] = {
  hostname: '',
  pod: { namespace: 'default', uid: '', attempt: 0 },
  sharePid: false,
  sysctls: {},
  dns: { servers: [], searches: [], options: [] },
  ports: [],
  labels: {},
  annotations: {},
};

function words(args: Args, option: string): string[] {
  return many(args, option).map((text) => requireWord(`--${option}`, text));
}

function readText(file: string): string {
  try {
    return createReadHost().readFile(file, { follow: true });
  } catch (error) {
    throw new UsageError(`-f: ${problemOf(error, file).message}`, 'name a JSON file');
  }
}
