import { inRange, sameAddress } from '../../derive/address.ts';
import type { CanaryNetwork } from '../../derive/canary-target.ts';
import { type Network, probeNetworks } from '../../native/probe.ts';
import { type Talked, talk } from '../../native/talk.ts';
import { type Course, look, type Unjudged } from './course.ts';

/** A container of a canary, and where its network namespace is seen. */
export interface Member {
  name: string;
  netns: string;
}

/** Two containers of one sandbox, and what they were told. */
export interface Joined {
  members: readonly [Member, Member];
  /** As runtime or plugins told them, without prefix. */
  addresses: string[];
  network: CanaryNetwork;
}

export const NETWORK_STEPS = ['address', 'subnet', 'localhost', 'route out', 'host to pod'].map((name) => ({
  name,
  part: 'network' as const,
}));

const WAIT_MS = 2000;
/** The kernel asks three times for a neighbour, a second apart. */
const ROUTE_WAIT_MS = 4000;
/** Children of these cannot talk with their own host, by design. */
const HOSTLESS = ['macvlan', 'ipvlan'];
const UNREACHABLE = [101, 113];

/** What every pod may count on in its network. Throws Halted when interrupted. */
export async function converse(course: Course, joined: Joined): Promise<void> {
  const { members, addresses, network } = joined;
  const [one, two] = members;
  const named = (name: string) => ({ name, part: 'network' as const });
  const host = `/proc/${process.pid}/ns/net`;
  const [address = ''] = addresses;

  await look(course, named('address'), () => sameSeen(joined, course.signal));
  await look(course, named('subnet'), async () => subnetOf(addresses, network.ranges));
  await look(course, named('localhost'), async () => {
    await mustTalk(one, two, '127.0.0.1', course.signal);
    await mustTalk(two, one, '127.0.0.1', course.signal);
    return `${one.name} and ${two.name} talk over 127.0.0.1`;
  });
  await look(course, named('route out'), () => routeOut(one, host, address, course.signal));
  await look(course, named('host to pod'), async () => {
    const hostless = network.types.find((type) => HOSTLESS.includes(type));
    if (hostless !== undefined) return { unjudged: `${hostless} keeps a pod and its own node apart` };
    await mustTalk(one, { name: 'the node', netns: host }, address, course.signal);
    return `the node reaches ${address}`;
  });
}

/** Both see the addresses that were told; gives where. */
export async function sameSeen({ members, addresses }: Joined, signal: AbortSignal): Promise<string> {
  if (addresses.length === 0) throw new Error('it was given no address');
  for (const { name, netns } of members) {
    const inside = await networkAt(netns, signal);
    const seen = new Set(inside.addresses.map((a) => sameAddress(a.address)));
    const missing = addresses.find((address) => !seen.has(sameAddress(address)));
    if (missing === undefined) continue;
    const others = inside.addresses.filter(({ scope }) => scope === 'global').map((a) => a.address);
    throw new Error(`${name} does not have ${missing}, but ${others.join(', ') || 'no address'}`);
  }
  return `${addresses.join(', ')} in ${members.map(({ name }) => name).join(' and ')}`;
}

/** Looks into a network namespace. Throws an Error that says why that cannot be done. */
export async function networkAt(netns: string, signal: AbortSignal): Promise<Network> {
  const probed = await probeNetworks([netns], { signal, listeners: false });
  const [seen] = probed.ok ? probed.value : [];
  if (seen?.network) return seen.network;
  throw new Error((probed.ok ? seen?.problem?.message : probed.problem.message) ?? `${netns} shows nothing`);
}

function subnetOf(addresses: readonly string[], ranges: CanaryNetwork['ranges']): string | Unjudged {
  if (ranges.length === 0) return { unjudged: 'its configuration names no range of addresses' };
  const outside = addresses.find((address) => !ranges.some((range) => inRange(address, range)));
  const subnets = ranges.map(({ subnet }) => subnet).join(', ');
  if (outside !== undefined) throw new Error(`${outside} is in none of ${subnets}`);
  return `in ${subnets}`;
}

/** A default route, and the node's own address answers by it. A firewall may let nothing in: that is no fault. */
async function routeOut(
  member: Member,
  host: string,
  address: string,
  signal: AbortSignal,
): Promise<string | Unjudged> {
  const family = address.includes(':') ? 'inet6' : 'inet';
  const isDefault = (r: Network['routes'][number]) =>
    r.family === family && (r.destination === '0.0.0.0/0' || r.destination === '::/0');
  const route = (await networkAt(member.netns, signal)).routes.find(isDefault);
  if (!route) throw new Error('there is no default route: nothing but its own subnet can be reached');
  const node = await networkAt(host, signal);
  const link = node.routes.find(isDefault)?.link;
  const [own] = node.addresses
    .filter((a) => a.family === family && a.scope === 'global')
    .sort((a, b) => Number(b.link === link) - Number(a.link === link));
  const way = `default route by ${route.gateway || 'its link'}`;
  if (!own) return { unjudged: `${way}; the node has no address of that family to be tried` };
  const talked = await conversation(
    { name: 'the node', netns: host },
    member,
    own.address,
    signal,
    ROUTE_WAIT_MS,
  );
  if (talked.talked) return `${way}; reaches the node at ${own.address}`;
  if (UNREACHABLE.includes(talked.errno)) throw new Error(`${way}, but ${own.address}: ${talked.why}`);
  return { unjudged: `${way}; ${own.address} did not answer (${talked.why}): a firewall may be in between` };
}

async function mustTalk(listens: Member, dials: Member, address: string, signal: AbortSignal): Promise<void> {
  const { talked, failedAt, why } = await conversation(listens, dials, address, signal, WAIT_MS);
  if (talked) return;
  const what =
    failedAt === 'listen'
      ? `${listens.name} cannot listen on`
      : `${dials.name} cannot reach ${listens.name} at`;
  throw new Error(`${what} ${address}: ${why}`);
}

async function conversation(
  listens: Member,
  dials: Member,
  address: string,
  signal: AbortSignal,
  waitMs: number,
): Promise<Talked> {
  const said = await talk({ listen: listens.netns, dial: dials.netns, address, waitMs }, { signal });
  if (!said.ok) throw new Error(said.problem.message);
  return said.value;
}
