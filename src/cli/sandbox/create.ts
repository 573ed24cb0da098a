import { CONF_FOLDER } from '../../cni/conf-files.ts';
import { availablePlugins } from '../../cni/find-plugin.ts';
import { binFolders, pluginPath } from '../../cni/runtime.ts';
import { createReadHost, problemOf } from '../../host/read-host.ts';
import type { SandboxSpec } from '../../model/sandbox.ts';
import { type ChosenNetwork, chooseNetwork, OWN_NETWORK } from '../../remedy/choose-network.ts';
import { escapeText } from '../../report/escape.ts';
import { requireName } from '../../sandbox/lookup.ts';
import { makeSandbox } from '../../sandbox/make.ts';
import { ownConflist } from '../../sandbox/own-network.ts';
import { parsePodFile } from '../../sandbox/pod-file.ts';
import { podSchema } from '../../sandbox/pod-schema.ts';
import { requireFreePorts } from '../../sandbox/ports.ts';
import { listRecords } from '../../sandbox/records.ts';
import { parsePairs, parsePublish, requireServer, requireSysctls, requireWord } from '../../sandbox/words.ts';
import { type Args, many, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { formatOf, renderData } from './output.ts';
import { openShop } from './shop.ts';

/** `podctl sandbox create`: prints the id of the new sandbox, or all about it with -o json. */
export async function createCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  if (args.schema === true) {
    terminal.out(await renderData(podSchema, format === 'yaml' ? 'yaml' : 'json'));
    return 0;
  }
  const notes: string[] = [];
  const { name, spec: asked } = specOf(args, notes);
  const privileged = process.geteuid?.() === 0;
  const chosen = await networkOf(args, terminal, privileged, notes);
  const spec = { ...asked, network: chosen.network };
  const shop = openShop(args, terminal, `sandbox create${name === null ? '' : ` ${name}`}`, true);
  if (!shop) throw new Error('the state folder was not made');
  await requireFreePorts(spec, chosen.capabilities, listRecords(shop.state).records);
  const record = await makeSandbox(shop, { name, spec, privileged });
  for (const note of notes) terminal.err(`note: ${escapeText(note)}\n`);
  if (format === 'table') {
    terminal.out(`${record.id}\n`);
    return 0;
  }
  const { sandboxStatus } = await import('./status.ts');
  terminal.out(await renderData(await sandboxStatus(shop, record), format));
  return 0;
}

type Asked = { name: string | null; spec: Omit<SandboxSpec, 'network'> };

/** Options go before what the pod file says; lists are added to its lists. */
function specOf(args: Args, notes: string[]): Asked {
  const file = one(args, 'file');
  const pod = file === undefined ? null : parsePodFile(readText(file), file);
  for (const key of pod?.ignored ?? []) notes.push(`${key} has no effect on podctl's sandboxes`);
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

/** Without a word about it: podctl's own network where it can be had, else none. */
async function networkOf(
  args: Args,
  terminal: Terminal,
  privileged: boolean,
  notes: string[],
): Promise<ChosenNetwork> {
  const { env } = terminal;
  const binDirs = binFolders(many(args, 'cni-bin-dir'), env.CNI_PATH);
  const confDir = one(args, 'cni-conf-dir') ?? CONF_FOLDER;
  const said = one(args, 'network');
  if (said !== undefined && said !== 'none' && !privileged)
    throw new UsageError(`network ${said} needs root`, 'run podctl as root, or use --network none');
  const isThere = privileged && availablePlugins(['bridge', 'host-local'], binDirs).size === 2;
  const wanted = said ?? (isThere ? OWN_NETWORK : 'none');
  if (said === undefined && !isThere)
    notes.push(
      `loopback only: ${privileged ? `no CNI plugins in ${binDirs.join(', ')}` : 'a network needs root'}`,
    );
  const inUse = () => {
    const shop = openShop(args, terminal, 'sandbox create', false);
    return shop && ownConflist(shop);
  };
  const chosen = await chooseNetwork({ wanted, confDir, binDirs, envPath: pluginPath(env.PATH), inUse });
  notes.push(...chosen.missing.map((part) => `network ${OWN_NETWORK} does without ${part}`));
  return chosen;
}
