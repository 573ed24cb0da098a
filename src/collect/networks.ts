import type { ReadHost } from '../host/read-host.ts';
import type { NetworkInside, NetworksFact, PinsFact } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import { absent, complete, failed, type Gathered, type Problem, partial, problem } from '../model/outcome.ts';
import type { Probed } from '../native/probe.ts';
import type { Collector } from './collector.ts';
import { knownValue } from './known-value.ts';
import { networkPart } from './network-part.ts';
import { summarize } from './problems.ts';
import { listPids } from './proc-view.ts';

const TIMEOUT_MS = 10_000;
const MAX_NAMESPACES = 2000;

/**
 * What is in the network namespaces of the node. It is a claim (links and addresses that somebody must own), so it
 * cannot wait for the processes, which are owners. Namespaces without a pin are found by a look of its own, one
 * link a process; whoever is born later is in the owners' lists and in no claim, which harms nobody.
 */
export const networksCollector: Collector<'networks'> = {
  fact: 'networks',
  summary: 'links, addresses and routes of the node and of every pinned or inhabited network namespace',
  timeoutMs: TIMEOUT_MS + 1000,
  needs: ['pins'],
  collect({ host, known, signal }) {
    if (host.root !== '') return absent(`networks of the node below ${host.root} are not entered`);
    const pins = known('pins');
    const seen = knownValue(pins);
    if (seen === undefined)
      return failed('unavailable', 'no pin was seen, so neither are the networks behind');
    return collectNetworks(host, seen, pins?.status === 'complete', signal);
  },
};

/** A namespace, where to enter it, and what that place is called in the fact. */
interface Place {
  ns: NsId;
  path: string;
  enter: string;
}

async function collectNetworks(
  host: ReadHost,
  pins: PinsFact,
  whole: boolean,
  signal: AbortSignal,
): Promise<Gathered<NetworksFact>> {
  const problems: Problem[] = whole ? [] : [problem('unavailable', 'pins were not read whole')];
  const node = nodePlace(host, pins.seenBy);
  const places = new Map<NsId, Place>([
    ...inhabited(host, problems).map((place): [NsId, Place] => [place.ns, place]),
    ...pinned(host, pins).map((place): [NsId, Place] => [place.ns, place]),
  ]);
  places.delete(node.ns);
  const pods = [...places.values()].slice(0, MAX_NAMESPACES);
  if (places.size > pods.length) {
    problems.push(
      problem('truncated', `${places.size} network namespaces; ${pods.length} of them were looked into`),
    );
  }
  const { probeNetworks } = await import('../native/probe.ts');
  const paths = [node, ...pods].map(({ enter }) => enter);
  const probed = await probeNetworks(paths, { signal, timeoutMs: TIMEOUT_MS, listeners: false });
  if (!probed.ok) return { status: 'failed', problem: probed.problem };
  const unseen: Problem[] = [];
  const [first, ...others] = probed.value;
  const value: NetworksFact = {
    host: insideOf(node, first, unseen),
    pods: others.flatMap((one, i) => {
      const place = pods[i];
      return place && !isGone(one, place) ? [insideOf(place, one, unseen)] : [];
    }),
  };
  const told = summarize([...problems, ...unseen]);
  return problems.length === 0 ? complete(value, told) : partial(value, told);
}

/** The namespace of the runtime, which makes the bridges; else of PID 1, else our own. */
function nodePlace(host: ReadHost, { pid, what }: PinsFact['seenBy']): Place {
  const own = `/proc/${process.pid}/ns/net`;
  const wanted = what === 'self' ? [own] : [`/proc/${pid}/ns/net`, '/proc/1/ns/net', own];
  const usable = wanted.find((path) => idOf(host, path) !== null) ?? own;
  return { ns: host.nsId(usable), path: usable, enter: usable };
}

/** Pins as the runtime has them: where its mounts are not ours, they are reached through its root. */
function pinned(host: ReadHost, { pins, seenBy }: PinsFact): Place[] {
  const mounts = (pid: number | 'self') => idOf(host, `/proc/${pid}/ns/mnt`);
  const elsewhere = seenBy.what !== 'self' && mounts(seenBy.pid) !== mounts('self');
  const root = elsewhere ? `/proc/${seenBy.pid}/root` : '';
  return pins.flatMap(({ type, ns, path }) =>
    type === 'net' && ns !== null ? [{ ns, path, enter: root + path }] : [],
  );
}

/** One process of each network namespace: of several the oldest, by its number. */
function inhabited(host: ReadHost, problems: Problem[]): Place[] {
  try {
    const found = new Map<NsId, Place>();
    for (const pid of listPids(host)) {
      const path = `/proc/${pid}/ns/net`;
      const ns = idOf(host, path);
      if (ns !== null && !found.has(ns)) found.set(ns, { ns, path, enter: path });
    }
    return [...found.values()];
  } catch (error) {
    problems.push(problem('unavailable', `/proc cannot be listed: ${String(error)}`, '/proc'));
    return [];
  }
}

/** Null for a process that is gone, or is not ours to see. */
function idOf(host: ReadHost, path: string): NsId | null {
  try {
    return host.nsId(path);
  } catch {
    return null;
  }
}

/** It went away, or another one is there now: whatever was in it went with it. */
function isGone({ network, problem: why }: Probed, { ns }: Place): boolean {
  return network === null ? why?.reason === 'missing' : network.id !== ns;
}

function insideOf({ ns, path }: Place, probed: Probed | undefined, unseen: Problem[]): NetworkInside {
  if (probed?.problem) unseen.push(problem(probed.problem.code, probed.problem.message, path));
  return { ns, path, seen: probed?.network ? networkPart(probed.network) : null };
}
