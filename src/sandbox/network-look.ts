import { networkDrift } from '../derive/network-drift.ts';
import type { SandboxRecord } from '../model/sandbox.ts';
import { type Network, probeNetworks } from '../native/probe.ts';
import type { Observed } from './observe.ts';

/** What is in a sandbox's network namespace; `problem` says why it could not be seen. */
export interface NetworkLook {
  inside: Network | null;
  host: Network | null;
  problem: string | null;
}

/** Looks into the network namespace of a sandbox, by its pin, else by a process that is in it. */
export async function lookIntoNetwork(record: SandboxRecord, observed: Observed): Promise<NetworkLook> {
  const nothing = { inside: null, host: null };
  const path = netnsPath(record, observed);
  if (path === null) return { ...nothing, problem: 'its network namespace is gone' };
  const user = record.privileged || !observed.pause ? {} : { user: `/proc/${observed.pause.pid}/ns/user` };
  // Not /proc/self: the program that looks is in one namespace after the other.
  const host = record.privileged ? [`/proc/${process.pid}/ns/net`] : [];
  const probed = await probeNetworks([path, ...host], user);
  if (!probed.ok) return { ...nothing, problem: probed.problem.message };
  const [own, node] = probed.value;
  return {
    inside: own?.network ?? null,
    host: node?.network ?? null,
    problem: own?.problem?.message ?? null,
  };
}

/** What its network lacks, in words. A look that was not possible says nothing. */
export function networkFaults(record: SandboxRecord, look: NetworkLook): string[] {
  if (look.inside === null) return [];
  return networkDrift(
    record.attachment?.state === 'attached' ? record.attachment : null,
    look.inside,
    look.host,
  );
}

function netnsPath(
  { net }: SandboxRecord,
  { pins, namespaces, pause, containers, others }: Observed,
): string | null {
  if (namespaces.net === null) return null;
  if (pins.net.ns === namespaces.net) return net.path;
  const inside = [pause, ...containers.map((c) => c.process), ...others];
  const witness = inside.find((p) => p?.ns.net === namespaces.net);
  return witness ? `/proc/${witness.pid}/ns/net` : null;
}
