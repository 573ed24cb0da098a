import type { ReadHost } from '../host/read-host.ts';
import type { PodOwnersFact } from '../model/facts.ts';
import { isThere } from './config/layout.ts';
import { type GetOptions, httpGet } from './http-get.ts';
import { readKubeconfig } from './kubeconfig.ts';
import type { KubeletPlaces } from './kubelet-places.ts';
import { parsePodList } from './pod-list.ts';

/** Pods as somebody listed them, or why nobody did. */
export type Asked = Pick<PodOwnersFact, 'pods' | 'source' | 'why'>;

const MAX_BYTES = 64 * 1024 * 1024;
/** kubelet answers from memory; the API server may be far away. */
const KUBELET_MS = 2000;
const SERVER_MS = 4000;

/** Asks kubelet's read-only port on this machine. */
export function askKubelet(
  { readOnlyPort, address }: Pick<KubeletPlaces, 'readOnlyPort' | 'address'>,
  signal: AbortSignal,
): Promise<Asked> {
  const host = address === '' ? '127.0.0.1' : address.includes(':') ? `[${address}]` : address;
  const url = new URL(`http://${host}:${readOnlyPort}/pods`);
  return listed(url, url.href, { timeoutMs: KUBELET_MS, signal, maxBytes: MAX_BYTES });
}

/** Asks the API server with what kubelet itself uses. `hostname` is the name of the node if nothing better is known. */
export async function askServer(
  host: ReadHost,
  { kubeconfigs, nodeName }: Pick<KubeletPlaces, 'kubeconfigs' | 'nodeName'>,
  hostname: string,
  signal: AbortSignal,
): Promise<Asked> {
  const file = kubeconfigs.find((path) => isThere(host, path));
  if (file === undefined) return nobody(`no kubeconfig of kubelet is there (${kubeconfigs[0]})`);
  const access = await readKubeconfig(host, file);
  if (typeof access === 'string') return nobody(access);
  const { server, serverName, ca, cert, key, token } = access;
  const sure = access.nodeName || nodeName;
  const url = new URL('api/v1/pods', server.href.endsWith('/') ? server : `${server.href}/`);
  url.username = '';
  url.password = '';
  url.searchParams.set('fieldSelector', `spec.nodeName=${sure || hostname.toLowerCase()}`);
  const asked = await listed(url, url.origin, {
    timeoutMs: SERVER_MS,
    signal,
    maxBytes: MAX_BYTES,
    headers: { accept: 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    ...(ca === '' ? {} : { ca }),
    ...(cert === '' ? {} : { cert, key }),
    ...(serverName === '' ? {} : { servername: serverName }),
  });
  if (asked.pods?.length !== 0 || sure !== '') return asked;
  return nobody(`${url.origin} knows no pod of ${hostname}, which may not be the name of this node`);
}

async function listed(url: URL, source: string, options: GetOptions): Promise<Asked> {
  const got = await httpGet(url, options);
  if (!got.ok) return nobody(`${source}: ${got.why}`);
  const pods = parsePodList(got.text);
  return pods === null ? nobody(`${source}: the answer is no list of pods`) : { pods, source, why: '' };
}

export function nobody(why: string): Asked {
  return { pods: null, source: '', why };
}
