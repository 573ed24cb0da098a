import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { type ReadHost, systemCode } from '../host/read-host.ts';
import { dig, digText } from '../model/json-path.ts';
import { parseYaml } from './yaml-file.ts';

/** How kubelet reaches the API server. It holds secrets: it goes into a request, and nowhere else. */
export interface Access {
  server: URL;
  /** Name that the certificate of the server must have; '' for its host. */
  serverName: string;
  /** PEM. '' for those that the system trusts. */
  ca: string;
  cert: string;
  key: string;
  token: string;
  /** Name of the node in the client's certificate; '' where it tells none. */
  nodeName: string;
}

const OTHERS_MAY_WRITE = 0o022;

/** Reads a kubeconfig of root's. Gives a text that says why it cannot be used. Never throws; never quotes it. */
export async function readKubeconfig(host: ReadHost, file: string): Promise<Access | string> {
  try {
    const text = readOfRoot(host, file);
    return accessOf(host, file, await parseYaml(text));
  } catch (error) {
    if (error instanceof Unusable) return error.message;
    const code = systemCode(error);
    return /^E[A-Z0-9]+$/.test(code)
      ? `${file}, or a file that it names, cannot be read (${code})`
      : `${file} is no kubeconfig`;
  }
}

class Unusable extends Error {}

function accessOf(host: ReadHost, file: string, config: unknown): Access | string {
  const context = named(config, 'contexts', 'context', digText(config, 'current-context'));
  const cluster = named(config, 'clusters', 'cluster', digText(context, 'cluster'));
  const user = named(config, 'users', 'user', digText(context, 'user'));
  const server = digText(cluster, 'server');
  if (server === null) return `${file} names no server`;
  if (dig(cluster, 'insecure-skip-tls-verify') === true) {
    return `${file} says not to verify the API server, and who it is decides what may go`;
  }
  const url = new URL(server);
  if (url.protocol !== 'https:') return `${file} names a server that is not reached by https`;
  const pem = (from: unknown, key: string) => pemOf(host, file, from, key);
  const cert = pem(user, 'client-certificate');
  const tokenFile = digText(user, 'tokenFile');
  const token = tokenFile ? readOfRoot(host, beside(file, tokenFile)).trim() : (digText(user, 'token') ?? '');
  const key = pem(user, 'client-key');
  if (token === '' && (cert === '' || key === '')) return `${file} holds no client certificate and no token`;
  const ca = pem(cluster, 'certificate-authority');
  const serverName = digText(cluster, 'tls-server-name') ?? '';
  return { server: url, serverName, ca, cert, key, token, nodeName: nodeNameOf(cert) };
}

function named(config: unknown, list: string, key: string, name: string | null): unknown {
  const all = dig(config, list);
  if (name === null || !Array.isArray(all)) return undefined;
  return dig(
    all.find((one) => digText(one, 'name') === name),
    key,
  );
}

/** A PEM text that stands in the file, or in one that it names. */
function pemOf(host: ReadHost, file: string, from: unknown, key: string): string {
  const inside = digText(from, `${key}-data`);
  if (inside !== null) return Buffer.from(inside, 'base64').toString('utf8');
  const other = digText(from, key);
  return other === null ? '' : readOfRoot(host, beside(file, other));
}

function beside(file: string, other: string): string {
  return path.posix.resolve(path.posix.dirname(file), other);
}

/** Whoever may write the file could send us to a server of his own, which would say what belongs to nobody. */
function readOfRoot(host: ReadHost, file: string): string {
  const { uid, mode } = host.stat(file, { follow: true });
  if (uid !== 0 || (mode & OTHERS_MAY_WRITE) !== 0) throw new Unusable(`${file} is not root's alone`);
  return host.readFile(file, { follow: true });
}

/** Certificates of kubelets are made out to system:node:NAME. */
function nodeNameOf(cert: string): string {
  if (cert === '') return '';
  try {
    return /^CN=system:node:(\S+)$/m.exec(new X509Certificate(cert).subject)?.[1] ?? '';
  } catch {
    return '';
  }
}
