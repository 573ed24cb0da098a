import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { gather } from '../../src/collect/gather.ts';
import { networksCollector } from '../../src/collect/networks.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Pin, PinsFact } from '../../src/model/facts.ts';
import { complete, failed, type Gathered, partial } from '../../src/model/outcome.ts';
import { idOf, pinned } from '../native/native.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { linkOf, started } from '../support/proc-tree.ts';

const host = createReadHost();
const SELF: PinsFact['seenBy'] = { pid: process.pid, what: 'self' };

function pin(path: string, ns = host.nsId(path)): Pin {
  return { path, type: 'net', ns, mounts: 1, scheme: 'foreign', confirmed: true };
}

const pinsOf = (pins: Pin[], seenBy = SELF): PinsFact => ({ pins, folders: [], seenBy, attachments: [] });

async function look(pins: Gathered<PinsFact>, root = '') {
  const given: Collector<'pins'> = { fact: 'pins', summary: 'given', timeoutMs: 1000, collect: () => pins };
  const options = { env: {}, rpcTimeoutMs: 1000 };
  const signal = new AbortController().signal;
  const { networks } = await gather(
    [given, networksCollector],
    ['networks'],
    createReadHost(root),
    options,
    signal,
  );
  return networks;
}

async function seen(fact: PinsFact) {
  const networks = await look(complete(fact));
  if (networks?.status !== 'complete') throw new Error(JSON.stringify(networks));
  return networks.value;
}

/** A pinned namespace; its identity is read from the pin, which is a mount and no link. */
async function pinnedNet() {
  const { at } = await pinned();
  const path = `${at}/net`;
  return pin(path, idOf(path) as Pin['ns'] & string);
}

const inside = (path: string, script: string) =>
  execFileSync('nsenter', [`--net=${path}`, 'sh', '-ec', script], { encoding: 'utf8' });

test('both ends of a pair: the namespace of the runtime, and a pin', async () => {
  const [node, pod] = [await pinnedNet(), await pinnedNet()];
  inside(
    node.path,
    `ip link add br0 type bridge; ip link add v0 type veth peer name eth0 netns ${pod.path}
     ip link set v0 master br0 up; ip addr add 10.99.0.1/24 dev br0; ip link set br0 up`,
  );
  inside(
    pod.path,
    'ip addr add 10.99.0.2/24 dev eth0; ip link set eth0 up; ip route add default via 10.99.0.1',
  );
  const nsenter = [`--net=${node.path}`, 'sleep', '1000'];
  const runtime = await started('nsenter', nsenter, (p) => linkOf(`/proc/${p}/exe`).endsWith('/sleep'));
  const { host: at, pods } = await seen(pinsOf([pod, node], { pid: runtime, what: 'runtime' }));
  expect(at).toMatchObject({ ns: node.ns, path: `/proc/${runtime}/ns/net` });
  const [bridge, end] = ['br0', 'v0'].map((name) => at.seen?.links.find((link) => link.name === name));
  expect(bridge).toMatchObject({ kind: 'bridge', master: 0 });
  const found = pods.find(({ ns }) => ns === pod.ns);
  expect(found?.path).toBe(pod.path);
  const eth0 = found?.seen?.links.find(({ name }) => name === 'eth0');
  expect(end).toMatchObject({ kind: 'veth', master: bridge?.index, peerIndex: eth0?.index });
  expect(eth0?.peerIndex).toBe(end?.index);
  expect(found?.seen?.addresses).toContainEqual({ link: eth0?.index, address: '10.99.0.2', prefix: 24 });
  expect(found?.seen?.routes).toContainEqual({
    destination: '0.0.0.0/0',
    gateway: '10.99.0.1',
    link: eth0?.index,
  });
  // Neither twice, nor the node among its pods; the one that we are in is inhabited as well.
  const ids = pods.map(({ ns }) => ns);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain(node.ns);
  expect(ids).toContain(host.nsId('/proc/self/ns/net'));
});

test('a namespace without a pin is found by a process in it', async () => {
  const net = ['--map-root-user', '--net', 'sleep', '1000'];
  const pid = await started('unshare', net, (p) => linkOf(`/proc/${p}/exe`).endsWith('/sleep'));
  const { pods } = await seen(pinsOf([]));
  const found = pods.find(({ ns }) => ns === host.nsId(`/proc/${pid}/ns/net`));
  expect(found?.path).toBe(`/proc/${pid}/ns/net`);
  expect(found?.seen?.links.map(({ name }) => name)).toEqual(['lo']);
});

test("a runtime's pins are entered where its mounts are", async () => {
  const folder = fs.realpathSync(temporaryFolder());
  const file = `${folder}/pin`;
  fs.writeFileSync(file, '');
  const script = 'mount --bind /proc/self/ns/net "$0" && exec sleep 1000';
  const unshare = ['--mount', '--net', 'sh', '-c', script, file];
  const pid = await started('unshare', unshare, (p) => linkOf(`/proc/${p}/exe`).endsWith('/sleep'));
  const other = await started('nsenter', [`--mount=/proc/${pid}/ns/mnt`, 'sleep', '1000'], (p) =>
    linkOf(`/proc/${p}/exe`).endsWith('/sleep'),
  );
  const ns = host.nsId(`/proc/${pid}/ns/net`);
  const { pods } = await seen(pinsOf([pin(file, ns)], { pid: other, what: 'runtime' }));
  expect(pods.find((p) => p.ns === ns)).toMatchObject({ path: file, seen: { links: [{ name: 'lo' }] } });
});

test('pins that went away, or are another namespace by now, are not told; what is no namespace is unseen', async () => {
  const [real, reused] = [await pinnedNet(), await pinnedNet()];
  const plain = `${fs.realpathSync(temporaryFolder())}/plain`;
  fs.writeFileSync(plain, '');
  const gone = pin('/run/netns/went-away-podctl', '4:1');
  const networks = await look(complete(pinsOf([real, { ...reused, ns: '4:2' }, gone, pin(plain, '4:3')])));
  if (networks?.status !== 'complete') throw new Error(JSON.stringify(networks));
  const ids = networks.value.pods.map(({ ns }) => ns);
  expect(ids).toContain(real.ns);
  expect(ids).not.toContain('4:1');
  expect(ids).not.toContain('4:2');
  expect(networks.value.pods.find(({ ns }) => ns === '4:3')?.seen).toBeNull();
  expect(networks.problems?.some(({ subject }) => subject === plain)).toBe(true);
});

test('below another root there is nothing to enter; without pins nothing is known to be there', async () => {
  expect(await look(complete(pinsOf([])), temporaryFolder())).toMatchObject({ status: 'absent' });
  expect(await look(failed('denied', 'no mountinfo'))).toMatchObject({ status: 'failed' });
  expect(await look(partial(pinsOf([]), []))).toMatchObject({ status: 'partial' });
});
