import fs from 'node:fs';
import type { SandboxSpec } from '../model/sandbox.ts';

/** /etc/hosts of a sandbox: its own name at each of its addresses (with or without prefix length). */
export function hostsText(hostname: string, addresses: readonly string[]): string {
  const own = addresses.map((address) => `${address.split('/')[0]}\t${hostname}\n`);
  const loopback = own.length === 0 ? `127.0.0.1\tlocalhost ${hostname}\n` : '127.0.0.1\tlocalhost\n';
  return `${loopback}::1\tlocalhost ip6-localhost ip6-loopback\n${own.join('')}`;
}

/** resolv.conf of a sandbox: what was asked for, else the node's own. */
export function resolvText({ servers, searches, options }: SandboxSpec['dns']): string {
  if (servers.length + searches.length + options.length === 0) return nodesResolvConf();
  return [
    ...servers.map((server) => `nameserver ${server}\n`),
    ...(searches.length > 0 ? [`search ${searches.join(' ')}\n`] : []),
    ...(options.length > 0 ? [`options ${options.join(' ')}\n`] : []),
  ].join('');
}

/** A node without one has no name service; that is no reason to have no sandbox. */
function nodesResolvConf(): string {
  try {
    return fs.readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    return '';
  }
}
