import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { isMissing, type ReadHost, systemCode } from '../host/read-host.ts';
import type { CniCredential } from '../model/facts.ts';
import { dig, digText } from '../model/json-path.ts';
import { isObject } from '../model/shape.ts';
import { parseYaml } from './yaml-file.ts';

type Told = Pick<CniCredential, 'state' | 'kind' | 'expiresAt'>;

const MAX_BYTES = 256 * 1024;
const LATEST_SECOND = 8_640_000_000_000;

/** What a kubeconfig is good for and until when. Reads files that it names; never throws, never quotes. */
export async function credentialOf(host: ReadHost, file: string): Promise<Told> {
  const told = (state: Told['state'], kind: Told['kind'] = 'none', expiresAt: number | null = null) => ({
    state,
    kind,
    expiresAt,
  });
  try {
    const read = (named: string) =>
      host.readFile(path.posix.resolve(path.posix.dirname(file), named), { follow: true, max: MAX_BYTES });
    const config = await parseYaml(read(file));
    const user = isObject(config) ? userOf(config) : undefined;
    if (user === undefined) return told('malformed');
    const tokenFile = digText(user, 'tokenFile');
    const token = tokenFile ? read(tokenFile).trim() : digText(user, 'token');
    if (token) return told('read', 'token', tokenExpiry(token));
    const inside = digText(user, 'client-certificate-data');
    const named = digText(user, 'client-certificate');
    if (inside === null && named === null) return told('read');
    const pem = inside === null ? read(named ?? '') : Buffer.from(inside, 'base64').toString('utf8');
    const expiresAt = certificateExpiry(pem);
    return expiresAt === null ? told('malformed', 'certificate') : told('read', 'certificate', expiresAt);
  } catch (error) {
    if (isMissing(error)) return told('missing');
    if (/^E[A-Z0-9]+$/.test(systemCode(error)) && systemCode(error) !== 'EFBIG') throw error;
    return told('malformed');
  }
}

/** The user of the current context. */
function userOf(config: unknown): unknown {
  const context = named(config, 'contexts', 'context', digText(config, 'current-context'));
  return named(config, 'users', 'user', digText(context, 'user'));
}

function named(config: unknown, list: string, key: string, name: string | null): unknown {
  const all = dig(config, list);
  if (name === null || !Array.isArray(all)) return undefined;
  const found: unknown = all.find((one) => digText(one, 'name') === name);
  return dig(found, key);
}

/** End of a JSON web token in milliseconds; null for one without end, and for tokens of other kinds. */
export function tokenExpiry(token: string): number | null {
  const [, body, signature] = token.split('.');
  if (body === undefined || signature === undefined) return null;
  try {
    const exp = dig(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')), 'exp');
    return typeof exp === 'number' && exp >= 0 && exp <= LATEST_SECOND ? exp * 1000 : null;
  } catch {
    return null;
  }
}

/** End of the first certificate of a PEM text in milliseconds; null where it is none. */
export function certificateExpiry(pem: string): number | null {
  try {
    const end = Date.parse(new X509Certificate(pem).validTo);
    return Number.isNaN(end) ? null : end;
  } catch {
    return null;
  }
}
