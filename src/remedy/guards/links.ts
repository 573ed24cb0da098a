import { probeNetworks } from '../../native/probe.ts';
import { required } from '../actions/native.ts';
import type { GuardContext, GuardOf } from './index.ts';

export async function linkIs(
  { name, index, mac, peerIndex }: GuardOf<'link-is'>,
  { signal }: Pick<GuardContext, 'signal'>,
): Promise<string | null> {
  const link = (await nodeLinks(signal)).find((one) => one.index === index);
  if (!link) return `link ${index} (${name}) is gone`;
  const same = link.name === name && link.mac === mac && link.peerIndex === peerIndex;
  return same ? null : `link ${index} is ${JSON.stringify(link.name)} by now, and was ${name}`;
}

export async function portless(
  { name, index }: GuardOf<'portless'>,
  { signal }: Pick<GuardContext, 'signal'>,
): Promise<string | null> {
  const port = (await nodeLinks(signal)).find((one) => one.master === index);
  return port ? `${name} is in use: ${port.name} is in it` : null;
}

export async function masterless(
  { name, index }: GuardOf<'masterless'>,
  { signal }: Pick<GuardContext, 'signal'>,
): Promise<string | null> {
  const links = await nodeLinks(signal);
  const link = links.find((one) => one.index === index);
  if (!link) return `link ${index} (${name}) is gone`;
  const master = links.find((one) => one.index === link.master)?.name ?? `link ${link.master}`;
  return link.master === 0 ? null : `${name} is in ${master} by now`;
}

async function nodeLinks(signal: AbortSignal) {
  const [probed] = required(await probeNetworks(['/proc/self/ns/net'], { signal }));
  if (!probed?.network) throw new Error(probed?.problem?.message ?? "the node's links cannot be seen");
  return probed.network.links;
}
