import { CniError } from './error.ts';

/** Container ids and network names, as the specification wants them. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
/** The kernel's IFNAMSIZ without the final zero. */
const MAX_INTERFACE = 15;
/** What a file name may take, less room for a temporary suffix. */
const MAX_KEY = 220;

/** One attachment's identity: (container, network, interface). */
export interface AttachmentKey {
  network: string;
  containerId: string;
  ifName: string;
}

export function isNetworkName(text: string): boolean {
  return NAME.test(text);
}

/** Why a plugin's type cannot be the name of a program in a folder; null when it can. */
export function pluginTypeFault(type: string): string | null {
  if (type === '') return 'is empty';
  if (type.includes('/') || type.includes('\\')) return 'contains a slash';
  if (type === '.' || type === '..') return 'is a folder';
  return /[\0-\x1f\x7f]/.test(type) ? 'contains control characters' : null;
}

/** Throws CniError `bad-argument` when plugins would refuse the key, or a path made of it would go astray. */
export function requireKey(key: AttachmentKey): void {
  const fault = keyFault(key);
  if (fault !== null) throw new CniError('bad-argument', fault, { network: key.network });
}

function keyFault({ network, containerId, ifName }: AttachmentKey): string | null {
  const rule = 'use letters, digits, "_", "." and "-", beginning with a letter or digit';
  if (!NAME.test(network)) return `network name ${quoted(network)} is not valid: ${rule}`;
  if (!NAME.test(containerId)) return `container id ${quoted(containerId)} is not valid: ${rule}`;
  if (!isInterfaceName(ifName)) {
    return `interface name ${quoted(ifName)} is not valid: use 1 to ${MAX_INTERFACE} characters, no slash, colon or space`;
  }
  const length = Buffer.byteLength(`${network}-${containerId}-${ifName}`);
  return length <= MAX_KEY
    ? null
    : `network name and container id are too long together (${length} bytes, at most ${MAX_KEY}): shorten one`;
}

function isInterfaceName(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAX_INTERFACE || name === '.' || name === '..') return false;
  return !/[/:\s\0-\x1f\x7f]/.test(name);
}

/** A string from elsewhere for a message: JSON quoting makes control characters visible; cut when long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
