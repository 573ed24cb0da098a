import type { PortMapping, SandboxRecord, SandboxSpec } from '../model/sandbox.ts';
import { probeNetworks } from '../native/probe.ts';
import { SandboxError } from './error.ts';

/** Capability of the plugins that lead ports of the host into a sandbox. */
const CAPABILITY = 'portMappings';
const EVERYWHERE = ['', '0.0.0.0', '::'];

/**
 * Throws SandboxError unless the ports can be published: the network can do it, no other sandbox has them,
 * nobody on the host listens on them.
 */
export async function requireFreePorts(
  { ports, network }: SandboxSpec,
  capabilities: ReadonlySet<string>,
  records: readonly SandboxRecord[],
): Promise<void> {
  if (!capabilities.has(CAPABILITY)) {
    const name = network.kind === 'none' ? 'none' : network.name;
    const hint = 'use a network with the portmap plugin (it needs iptables)';
    throw new SandboxError('usage', `network ${name} cannot publish ports`, hint);
  }
  const [host] = await hostListeners();
  for (const [i, port] of ports.entries()) {
    if (ports.slice(0, i).some((other) => clash(port, other))) throw taken(port, 'it is published twice');
    const owner = records.find(
      (r) => r.phase !== 'stopped' && r.spec.ports.some((other) => clash(port, other)),
    );
    if (owner) throw taken(port, `sandbox ${owner.name} has it`);
    const listener = host?.listeners.find(
      (l) => port.protocol === 'tcp' && l.port === port.hostPort && overlap(port.hostIp, l.address),
    );
    if (listener) throw taken(port, `a process on this node listens on ${listener.address}`);
  }
}

async function hostListeners() {
  const probed = await probeNetworks(['/proc/self/ns/net']);
  return probed.ok ? probed.value.map((p) => p.network) : [];
}

function clash(a: PortMapping, b: PortMapping): boolean {
  return a.hostPort === b.hostPort && a.protocol === b.protocol && overlap(a.hostIp, b.hostIp);
}

function overlap(a: string, b: string): boolean {
  return a === b || EVERYWHERE.includes(a) || EVERYWHERE.includes(b);
}

function taken({ hostPort, protocol }: PortMapping, why: string): SandboxError {
  return new SandboxError('usage', `port ${hostPort}/${protocol} is in use: ${why}`, 'publish another port');
}
