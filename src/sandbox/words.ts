import fs from 'node:fs';
import { isIP } from 'node:net';
import type { PortMapping } from '../model/sandbox.ts';
import { sysctlType } from '../remedy/sysctl.ts';
import { SandboxError } from './error.ts';

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;
const MAX_PORT = 65_535;
const MAX_WORD = 4096;
const CONTROL = /[\0-\x1f\x7f]/;

function wrong(what: string, text: string, rule: string): SandboxError {
  return new SandboxError('usage', `${what} ${JSON.stringify(text.slice(0, 80))} is wrong: ${rule}`);
}

/** `[ADDRESS:]HOSTPORT:PORT[/PROTOCOL]`; an IPv6 address in brackets. Throws SandboxError. */
export function parsePublish(text: string): PortMapping {
  const found = /^(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5}):(\d{1,5})(?:\/(\w+))?$/.exec(text);
  const rule = 'write [ADDRESS:]HOSTPORT:PORT[/tcp|udp|sctp], e.g. 8080:80';
  if (!found) throw wrong('--publish', text, rule);
  const [, address = '', host = '', container = '', protocol = 'tcp'] = found;
  return requirePort(
    {
      hostPort: Number(host),
      containerPort: Number(container),
      protocol,
      hostIp: address.replace(/[[\]]/g, ''),
    },
    text,
  );
}

/** A port mapping that can be; `text` is how it was written. Throws SandboxError. */
export function requirePort(
  port: Omit<PortMapping, 'protocol'> & { protocol: string },
  text: string,
): PortMapping {
  const protocol = PROTOCOLS.find((p) => p === port.protocol.toLowerCase());
  if (!protocol) throw wrong('the protocol of port', text, `it is one of ${PROTOCOLS.join(', ')}`);
  for (const number of [port.hostPort, port.containerPort])
    if (!Number.isInteger(number) || number < 1 || number > MAX_PORT)
      throw wrong('port', text, 'ports are 1 to 65535');
  if (port.hostIp !== '' && isIP(port.hostIp) === 0)
    throw wrong('the address of port', text, 'write an IPv4 address, or an IPv6 address in brackets');
  return { ...port, protocol };
}

/** `KEY=VALUE` options as a dictionary. Throws SandboxError on what has no key, or twice the same. */
export function parsePairs(option: string, texts: readonly string[]): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1 || CONTROL.test(text) || text.length > MAX_WORD) throw wrong(option, text, 'write KEY=VALUE');
    const key = text.slice(0, at);
    if (pairs.has(key)) throw wrong(option, text, `${key} is given twice`);
    pairs.set(key, text.slice(at + 1));
  }
  return Object.fromEntries(pairs);
}

/** Throws SandboxError unless each sysctl belongs to a namespace of the sandbox and this kernel has it. */
export function requireSysctls(sysctls: Record<string, string>): Record<string, string> {
  for (const [key, value] of Object.entries(sysctls)) {
    if (sysctlType(key) === null)
      throw wrong(
        'sysctl',
        key,
        'only net.*, kernel.shm*, kernel.msg*, kernel.sem and fs.mqueue.* belong to a sandbox',
      );
    if (CONTROL.test(value) || value === '')
      throw wrong(`the value of sysctl ${key},`, value, 'write NAME=VALUE');
    if (!fs.existsSync(`/proc/sys/${key.replaceAll('.', '/')}`))
      throw wrong('sysctl', key, 'this kernel has none of that name');
  }
  return sysctls;
}

/** Throws SandboxError unless it is an address that a resolver takes. */
export function requireServer(text: string): string {
  if (isIP(text) === 0) throw wrong('the DNS server', text, 'write an IP address');
  return text;
}

/** A word for resolv.conf. */
export function requireWord(what: string, text: string): string {
  if (text === '' || /\s/.test(text) || CONTROL.test(text) || text.length > 255)
    throw wrong(what, text, 'it is one word');
  return text;
}
