import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Network } from '../../src/native/probe.ts';
import { errorOf, folder, helped, helper, idOf, pinned } from './native.ts';

/** Runs a shell script in a pinned network namespace. */
function inside(net: string, script: string): string {
  return execFileSync('nsenter', [`--net=${net}`, 'sh', '-ec', script], { encoding: 'utf8' });
}

function ip(net: string, ...args: string[]): Record<string, unknown>[] {
  return JSON.parse(
    execFileSync('nsenter', [`--net=${net}`, 'ip', '-j', '-d', ...args], { encoding: 'utf8' }),
  );
}

async function probe(net: string): Promise<Network> {
  const [line] = await helped(['probe', net]);
  return line as unknown as Network;
}

/** Two namespaces; in the first a bridge with one end of a pair, whose other end is in the second. */
async function network(): Promise<{ host: string; pod: string }> {
  const [a, b] = [await pinned(), await pinned()];
  const [host, pod] = [`${a.at}/net`, `${b.at}/net`];
  inside(
    host,
    `ip link add br0 type bridge; ip link add v0 type veth peer name eth0 netns ${pod}
     ip link set v0 master br0; ip link set v0 up; ip link set br0 mtu 1400 up
     ip addr add 10.99.0.1/24 dev br0; ip addr add 10.99.0.9/24 dev br0`,
  );
  inside(
    pod,
    `ip link set eth0 address 02:00:00:00:00:07 up; ip addr add 10.99.0.2/24 dev eth0
     ip addr add fd00:99::2/64 dev eth0 nodad; ip route add default via 10.99.0.1
     ip route add 10.50.0.0/16 via 10.99.0.1 src 10.99.0.2 metric 7; ip -6 route add default via fd00:99::1
     ip route add 10.60.0.0/16 dev eth0 table 100`,
  );
  return { host, pod };
}

it('tells links as ip does', async () => {
  const { host, pod } = await network();
  for (const net of [host, pod]) {
    const seen = await probe(net);
    expect(seen).toMatchObject({ path: net, id: idOf(net) });
    const told = ip(net, 'link').map((link) => ({
      index: link.ifindex,
      name: link.ifname,
      mac: link.address,
      mtu: link.mtu,
      up: (link.flags as string[]).includes('UP'),
      running:
        (link.flags as string[]).includes('LOWER_UP') && !(link.flags as string[]).includes('NO-CARRIER'),
      loopback: link.link_type === 'loopback',
      kind: (link.linkinfo as { info_kind?: string } | undefined)?.info_kind ?? '',
      peerIndex: Number(link.link_index ?? 0),
      peerNetnsId: Number(link.link_netnsid ?? -1),
      master: link.master === undefined ? 0 : seen.links.find((l) => l.name === link.master)?.index,
    }));
    expect(seen.links).toEqual(told);
  }
  const [eth0] = (await probe(pod)).links.filter((link) => link.kind === 'veth');
  const [v0] = (await probe(host)).links.filter((link) => link.kind === 'veth');
  expect([eth0?.peerIndex, v0?.peerIndex]).toEqual([v0?.index, eth0?.index]);
});

it('tells addresses as ip does', async () => {
  const { host, pod } = await network();
  for (const net of [host, pod]) {
    const told = ip(net, 'addr').flatMap((link) =>
      (link.addr_info as Record<string, unknown>[]).map((one) => ({
        link: link.ifindex,
        family: one.family,
        address: one.local,
        prefix: one.prefixlen,
        scope: one.scope,
      })),
    );
    const { addresses } = await probe(net);
    const sorted = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort();
    expect(sorted(addresses)).toEqual(sorted(told));
  }
});

it('tells routes of the main table as ip does', async () => {
  const { pod } = await network();
  const { routes, links } = await probe(pod);
  const nameOf = (index: number) => links.find((link) => link.index === index)?.name;
  const all = { inet: '0.0.0.0/0', inet6: '::/0' };
  const short = { inet: /\/32$/, inet6: /\/128$/ };
  for (const [option, family] of [
    ['-4', 'inet'],
    ['-6', 'inet6'],
  ] as const) {
    const told = ip(pod, option, 'route').map((route) => ({
      destination: route.dst === 'default' ? all[family] : route.dst,
      gateway: route.gateway ?? '',
      source: route.prefsrc ?? '',
      link: route.dev,
      metric: route.metric ?? 0,
      scope: route.scope,
    }));
    const seen = routes.filter((route) => route.family === family);
    expect(
      seen.map(({ family: _, destination, link, ...rest }) => ({
        ...rest,
        destination: destination.replace(short[family], ''),
        link: nameOf(link),
      })),
    ).toEqual(told);
    expect(told.length).toBeGreaterThan(1);
  }
});

it('tells who waits for connections, and not who has some', async () => {
  const { at } = await pinned();
  const server = `require('net').createServer().listen(PORT, 'HOST', function () { console.log('ready') })`;
  const script = [
    ['8080', '127.0.0.1'],
    ['9090', '::1'],
    ['7070', '0.0.0.0'],
  ]
    .map(([port = '', host = '']) => server.replace('PORT', port).replace('HOST', host))
    .concat(`require('net').connect(8080, '127.0.0.1'); setTimeout(() => console.log('all'), 300)`)
    .join(';');
  let seen: Network | undefined;
  await helper(['enter', '--net', `${at}/net`, '--', process.execPath, '-e', script], {
    started: (child) =>
      child.stdout?.on('data', async (text: string) => {
        if (!text.includes('all')) return;
        seen = await probe(`${at}/net`);
        child.kill('SIGTERM');
      }),
  });
  const told = seen?.listeners.map(({ family, address, port }) => `${family} ${address} ${port}`).sort();
  expect(told).toEqual(['inet 0.0.0.0 7070', 'inet 127.0.0.1 8080', 'inet6 ::1 9090']);
});

it("tells sockets of UDP when asked, and each socket's inode", async () => {
  const { at } = await pinned();
  const script = `const dgram = require('dgram'), net = require('net');
    const server = net.createServer().listen(8080, '127.0.0.1', () => {
      dgram.createSocket('udp4').bind(53, '127.0.0.1', () => {
        const client = dgram.createSocket('udp6');
        client.bind(5353, '::1', () => client.connect(53, '::1', () => {
          const fs = require('fs');
          const links = fs.readdirSync('/proc/self/fd').flatMap((fd) => {
            try { return [fs.readlinkSync('/proc/self/fd/' + fd)] } catch { return [] }
          });
          console.log('all ' + links.filter((l) => l.startsWith('socket:')).join(' '));
        }));
      });
    })`;
  let seen: Network | undefined;
  let plain: Network | undefined;
  let sockets = '';
  await helper(['enter', '--net', `${at}/net`, '--', process.execPath, '-e', script], {
    started: (child) =>
      child.stdout?.on('data', async (text: string) => {
        if (!text.includes('all')) return;
        sockets = text;
        const [line] = await helped(['probe', '--udp', `${at}/net`]);
        seen = line as unknown as Network;
        plain = await probe(`${at}/net`);
        child.kill('SIGTERM');
      }),
  });
  const told = seen?.listeners.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`);
  expect(told).toEqual(['tcp 127.0.0.1 8080', 'udp 127.0.0.1 53']);
  for (const { inode } of seen?.listeners ?? []) expect(sockets).toContain(`socket:[${inode}]`);
  expect(plain?.listeners.map((l) => l.protocol)).toEqual(['tcp']);
});

it('leaves out sockets that nobody asked for', async () => {
  const { at } = await pinned();
  const listen = `require('net').createServer().listen(8080, () => console.log('ready'))`;
  let without: Record<string, unknown>[] = [];
  await helper(['enter', '--net', `${at}/net`, '--', process.execPath, '-e', listen], {
    started: (child) =>
      child.stdout?.on('data', async () => {
        without = await helped(['probe', '--no-listeners', `${at}/net`]);
        expect((await probe(`${at}/net`)).listeners).toHaveLength(1);
        child.kill('SIGTERM');
      }),
  });
  expect(without).toMatchObject([{ id: idOf(`${at}/net`), listeners: [], links: [{ name: 'lo' }] }]);
});

it('goes on after what cannot be seen', async () => {
  const { at } = await pinned();
  const other = folder();
  fs.writeFileSync(path.join(other, 'file'), '');
  const paths = [`${other}/none`, `${at}/net`, `${other}/file`, `${at}/uts`, '/proc/self/ns/net'];
  const lines = await helped(['probe', ...paths]);
  expect(lines.map((line) => line.path)).toEqual(paths);
  const codes = lines.map((line) => (line.problem as { code: string } | undefined)?.code ?? line.id);
  expect(codes).toEqual([
    'missing',
    idOf(`${at}/net`),
    'no-namespace',
    'no-namespace',
    idOf('/proc/self/ns/net'),
  ]);
});

it('cannot be confused by names of links', async () => {
  const { at } = await pinned();
  inside(
    `${at}/net`,
    `ip link add name "$(printf 'v"\\033\\\\\\377,{')" type veth peer name "$(printf 'é\\001}')"`,
  );
  const { links } = await probe(`${at}/net`);
  expect(links.map((link) => link.name).sort()).toEqual(['lo', 'v"\x1b\\\ufffd,{', 'é\x01}'].sort());
});

it('sees many links, more than fit into one answer', async () => {
  const { at } = await pinned();
  const batch = Array.from({ length: 300 }, (_, i) => `link add many${i} type veth peer name peer${i}`).join(
    '\n',
  );
  execFileSync('nsenter', [`--net=${at}/net`, 'ip', '-batch', '-'], { input: batch });
  const { links } = await probe(`${at}/net`);
  expect(links.length).toBe(601);
  expect(new Set(links.map((link) => link.index)).size).toBe(601);
});

it('refuses to look at nothing', async () => {
  const ran = await helper(['probe']);
  expect([ran.code, errorOf(ran)?.code]).toEqual([2, 'usage']);
});
