import fs from 'node:fs';
import path from 'node:path';
import type {
  CniCacheFact,
  FirewallFact,
  LimitsFact,
  NetworkInside,
  NetworksFact,
  PinsFact,
  Process,
  Reaper,
  StallsFact,
} from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Containerd } from '../rig/containerd.ts';
import { CNI_CACHE } from '../rig/files.ts';
import { APP_IMAGE } from '../rig/images.ts';
import { repositoryRoot } from '../rig/repository.ts';
import type { Seen } from './doctor.ts';

/** The text of a snapshot of a rig, to be kept: under the names of a node set up from packages. */
export function recorded(text: string, containerd: Containerd): string {
  const snapshot = withoutOthers(ownNeeds(JSON.parse(ordinary(text, containerd)) as Snapshot)) as Snapshot;
  const journal = fs.existsSync(containerd.journal) ? fs.readFileSync(containerd.journal, 'utf8') : '';
  return `${JSON.stringify(anonymous(snapshot, journal), null, 1)}\n`;
}

/** Where `PODCTL_RECORD=1 vitest run test/e2e/faults` keeps what it saw. */
export const SCENARIOS = path.join(repositoryRoot(), 'test/scenarios');

/** A recorded fault beside its snapshot: `<name>.findings.json` holds everything at warning or above. */
export function keepScenario(name: string, containerd: Containerd, snapshot: string, expected: Seen[]): void {
  const words = `${name} ${containerd.runtime.version}`.replaceAll(/[^\w.]+/g, '-');
  const base = path.join(SCENARIOS, words);
  fs.mkdirSync(SCENARIOS, { recursive: true });
  fs.writeFileSync(`${base}.snapshot.json`, recorded(fs.readFileSync(snapshot, 'utf8'), containerd));
  fs.writeFileSync(`${base}.findings.json`, ordinary(`${JSON.stringify(expected, null, 2)}\n`, containerd));
}

/** Paths and names of the rig become those of a node set up from packages. */
function ordinary(text: string, containerd: Containerd): string {
  const names: [string, string][] = [
    [containerd.root, '/var/lib/containerd'],
    [containerd.state, '/run/containerd'],
    [containerd.socket, '/run/containerd/containerd.sock'],
    [containerd.configFile, '/etc/containerd/config.toml'],
    [containerd.runtime.bin.containerd, '/usr/bin/containerd'],
    [containerd.runtime.bin.runc, '/usr/bin/runc'],
    [containerd.runtime.cniBin, '/opt/cni/bin'],
    [`${containerd.dir}/bin`, '/opt/cni/bin'],
    [containerd.confDir, '/etc/cni/net.d'],
    [`${containerd.ipamDir}/${containerd.cniNetwork}`, '/var/lib/cni/networks/pods'],
    [`${CNI_CACHE}/${containerd.cniNetwork}-`, `${CNI_CACHE}/pods-`],
    [containerd.bridge, 'cni0'],
    [`${containerd.dir}/tools`, '/usr/sbin'],
    [containerd.dir, '/etc/containerd'],
    [containerd.cgroupRoot, ''],
    [containerd.cniNetwork, 'pods'],
    [APP_IMAGE, 'registry.example/shop/app:7'],
  ];
  return names.reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

/** Networks of a rig by their ordinary names, and one that a fault makes beside its own. */
const OWN_NETWORKS = ['pods', 'cni-loopback', 'other'];
/** Names of what tests that run at the same time make. */
const OTHERS = /podctl-(rig|e2e)|\/tmp\/podctl-/;

/** Plugins are needed by networks of other instances as well: that alone makes them not others'. */
function ownNeeds(snapshot: Snapshot): Snapshot {
  const { cniPlugins } = snapshot.facts;
  if (!cniPlugins || !('value' in cniPlugins)) return snapshot;
  const plugins = cniPlugins.value.plugins
    .map((one) => ({
      ...one,
      neededBy: one.neededBy.filter(
        ({ from, network }) => from !== 'cache' || OWN_NETWORKS.includes(network),
      ),
    }))
    .filter(({ neededBy }) => neededBy.length > 0);
  const value = { ...cniPlugins.value, plugins };
  return { ...snapshot, facts: { ...snapshot.facts, cniPlugins: { ...cniPlugins, value } } };
}

/** Drops members of lists that name another instance: what is our own has ordinary names by now. */
function withoutOthers(value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter((one) => !OTHERS.test(JSON.stringify(one))).map(withoutOthers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutOthers(one)]));
}

const NO_KUBELET = { status: 'absent' as const, reason: 'no kubelet is on this node', ms: 0 };

const NO_PODMAN = { status: 'absent' as const, reason: 'podman has kept nothing on this node', ms: 0 };

/** Keeps what belongs to pods and runtime only, and nothing that tells which machine it was. */
function anonymous(snapshot: Snapshot, journal: string): Snapshot {
  const { facts } = snapshot;
  const { host, processes, networks, cniCache, pins, reapers, limits, stalls, firewall } = facts;
  const entries = cniCache && 'value' in cniCache ? podEntries(cniCache.value) : undefined;
  const named = `${journal}${JSON.stringify([facts.bundles, facts.store, entries])}`;
  if (host?.status !== 'complete' || processes?.status !== 'complete') throw new Error('facts are missing');
  const value = { ...host.value, hostname: 'worker-1', kernel: '6.12.0', bootId: null };
  const belongs = (p: Process) =>
    p.containerId !== null || p.podUid !== null || p.shim !== null || p.comm === 'containerd';
  const kept = processes.value.filter(belongs);
  const isKept = ({ pid }: Reaper) => kept.some((p) => p.pid === pid);
  const daemons = facts.daemons && 'value' in facts.daemons ? facts.daemons.value : [];
  const shims = processes.value.filter((p) => p.shim);
  const pids = new Set([...daemons, ...shims].map((p) => p.pid));
  return {
    ...snapshot,
    facts: {
      ...facts,
      // A rig has no kubelet, whatever the machine has.
      ...(facts.kubeletConfig ? { kubeletConfig: NO_KUBELET } : {}),
      ...(facts.podman ? { podman: NO_PODMAN } : {}),
      host: { ...host, value },
      processes: { ...processes, value: kept },
      ...(reapers && 'value' in reapers
        ? { reapers: { ...reapers, value: reapers.value.filter(isKept) } }
        : {}),
      ...(pins && 'value' in pins ? { pins: { ...pins, value: podPins(pins.value, named) } } : {}),
      ...(networks && 'value' in networks
        ? { networks: { ...networks, value: podNetworks(networks.value, entries) } }
        : {}),
      ...(limits && 'value' in limits ? { limits: { ...limits, value: ownLimits(limits.value, pids) } } : {}),
      ...(stalls && 'value' in stalls ? { stalls: { ...stalls, value: ownStalls(stalls.value, pids) } } : {}),
      ...(firewall && 'value' in firewall
        ? { firewall: { ...firewall, value: podRules(firewall.value) } }
        : {}),
      ...(cniCache && 'value' in cniCache && entries ? { cniCache: { ...cniCache, value: entries } } : {}),
    },
  };
}

/** The bridge of the pods, what is in it, and what CNI made for them: no link or address of the machine. */
function podNetworks({ host, pods }: NetworksFact, cache: CniCacheFact | undefined): NetworksFact {
  const bridge = host.seen?.links.find((l) => l.name === 'cni0')?.index ?? -1;
  const named = new Set(cache?.entries.flatMap((e) => e.hostLinks));
  const pins = new Set(cache?.entries.map((e) => e.netns));
  const isPods = ({ index, master, name, loopback }: NonNullable<typeof host.seen>['links'][number]) =>
    index === bridge || master === bridge || loopback || named.has(name);
  const links = host.seen?.links.filter(isPods) ?? [];
  const isOf = ({ link }: { link: number }) => links.some((l) => l.index === link);
  const seen = host.seen && {
    links,
    addresses: host.seen.addresses.filter(isOf),
    routes: host.seen.routes.filter(isOf),
  };
  const ends = new Set(links.map((l) => l.index));
  const belongs = ({ seen: inside, path: pin }: NetworkInside) =>
    pins.has(pin) || inside?.links.some((l) => ends.has(l.peerIndex));
  return { host: { ...host, seen }, pods: pods.filter(belongs) };
}

/** Limits of the daemon that is left, and cgroups that the rig made: none of the machine's. */
function ownLimits(fact: LimitsFact, pids: ReadonlySet<number>): LimitsFact {
  return {
    ...fact,
    cgroups: fact.cgroups.filter(({ path }) => /^\/(runtime|kubepods)$/.test(path)),
    daemons: fact.daemons.filter(({ pid }) => pids.has(pid)),
  };
}

/** Other daemons wait for the disk as well. */
function ownStalls(fact: StallsFact, pids: ReadonlySet<number>): StallsFact {
  return { ...fact, threads: fact.threads.filter(({ pid }) => pids.has(pid)) };
}

/** Pins have no name of their instance: what names them is its own. */
function podPins(fact: PinsFact, named: string): PinsFact {
  const isOwn = (path: string) => named.includes(path.slice(path.lastIndexOf('/') + 1));
  return {
    ...fact,
    pins: fact.pins.filter((pin) => isOwn(pin.path)),
    attachments: fact.attachments.filter((a) => isOwn(a.netns)),
  };
}

/** No rule of other networks, which the machine itself may have. */
function podRules(fact: FirewallFact): FirewallFact {
  return { ...fact, rules: fact.rules.filter(({ network }) => network === 'pods') };
}

/** Other instances have entries in the same folder. */
function podEntries(cache: CniCacheFact): CniCacheFact {
  const own = new Set(cache.entries.filter((e) => e.path.includes('/pods-')).map((e) => idIn(e.path)));
  return {
    ...cache,
    entries: cache.entries.filter((e) => own.has(idIn(e.path))),
    ...(cache.configs
      ? { configs: cache.configs.filter(({ network }) => OWN_NETWORKS.includes(network)) }
      : {}),
  };
}

function idIn(path: string): string {
  return /[0-9a-f]{64}/.exec(path)?.[0] ?? path;
}
