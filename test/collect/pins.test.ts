import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cniCacheCollector } from '../../src/collect/cni-cache.ts';
import type { Collector } from '../../src/collect/collector.ts';
import { gather } from '../../src/collect/gather.ts';
import { pinsCollector } from '../../src/collect/pins.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Daemon, Pin } from '../../src/model/facts.ts';
import { complete } from '../../src/model/outcome.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { linkOf, started } from '../support/proc-tree.ts';

const UUID = '55934594-52a4-dee8-d911-0bdec60cbf02';
const PATH = `/run/netns/cni-${UUID}`;
const line = (pin: string, inode: number, type = 'net', id = 280) =>
  `${id} 27 0:4 ${type}:[${inode}] ${pin} rw - nsfs nsfs rw\n`;
const containerd = daemon('containerd', { state: '/run/lab' });

async function look(root: string, daemons: Daemon[], ...others: Collector[]) {
  const collectors = [running(...daemons), cniCacheCollector, pinsCollector, ...others];
  const { pins } = await lookAt(root, collectors, ['pins', ...others.map((c) => c.fact)]);
  if (!pins || !('value' in pins)) throw new Error(JSON.stringify(pins));
  return pins;
}

test('pins, files without a mount, folders: as the runtime sees them', async () => {
  const root = temporaryFolder();
  plant(root, {
    '/proc/100/mountinfo': line(PATH, 4026536992) + line(`/run/ipcns/${UUID}`, 4026540298, 'ipc'),
    '/proc/1/mountinfo': '',
    [PATH]: '',
    [`/run/ipcns/${UUID}`]: '',
    [`/run/netns/netns-${UUID}`]: '',
    '/run/netns/folder/x': '',
    '/run/lab/io.containerd.grpc.v1.cri/netns/two\nlines': '',
  });
  fs.symlinkSync('/etc', path.join(root, 'run/netns/link'));
  const { status, value, problems } = await look(root, [containerd]);
  expect(status).toBe('complete');
  expect(problems).toBeUndefined();
  expect(value.seenBy).toEqual({ pid: 100, what: 'runtime' });
  const bare = { type: 'net', ns: null, mounts: 0, confirmed: true };
  expect(value.pins).toEqual([
    { path: PATH, type: 'net', ns: '4:4026536992', mounts: 1, scheme: 'containerd', confirmed: true },
    {
      path: `/run/ipcns/${UUID}`,
      type: 'ipc',
      ns: '4:4026540298',
      mounts: 1,
      scheme: 'crio',
      confirmed: true,
    },
    { ...bare, path: `/run/netns/netns-${UUID}`, scheme: 'podman' },
    { ...bare, path: '/run/lab/io.containerd.grpc.v1.cri/netns/two\nlines', scheme: 'foreign' },
  ]);
  expect(value.folders).toEqual(
    ['/run/netns', '/run/ipcns', '/run/lab/io.containerd.grpc.v1.cri/netns'].map((folder) => ({
      path: folder,
      mtime: fs.statSync(path.join(root, folder)).mtimeMs,
    })),
  );
});

test('a mount path with a line end is the file of that name', async () => {
  const root = temporaryFolder();
  plant(root, { '/proc/100/mountinfo': line('/run/netns/a\\012b', 7), '/run/netns/a\nb': '' });
  const { value } = await look(root, [containerd]);
  expect(value.pins.map((p) => [p.path, p.ns])).toEqual([['/run/netns/a\nb', '4:7']]);
});

test('no runtime, then no PID 1: the next best view is taken, and said', async () => {
  const root = temporaryFolder();
  plant(root, { '/proc/1/mountinfo': line(PATH, 1), '/proc/self/mountinfo': line(PATH, 2) });
  const seen = async () => {
    const { value } = await look(root, [containerd]);
    return [value.seenBy, value.pins[0]?.ns];
  };
  expect(await seen()).toEqual([{ pid: 1, what: 'init' }, '4:1']);
  fs.rmSync(path.join(root, 'proc/1'), { recursive: true });
  expect(await seen()).toEqual([{ pid: process.pid, what: 'self' }, '4:2']);
  fs.rmSync(path.join(root, 'proc/self'), { recursive: true });
  const { pins } = await lookAt(root, [running(), cniCacheCollector, pinsCollector], ['pins']);
  expect(pins).toMatchObject({ status: 'failed', problem: { code: 'unavailable' } });
});

test('of several runtimes the one in our own mount namespace', async () => {
  const root = temporaryFolder();
  plant(root, {
    '/proc/50/mountinfo': line('/run/netns/inner', 1),
    '/proc/60/mountinfo': line('/run/netns/ours', 2),
    '/proc/70/mountinfo': line('/run/netns/kubelet', 3),
  });
  fs.mkdirSync(path.join(root, 'proc/self/ns'), { recursive: true });
  fs.symlinkSync('mnt:[77]', path.join(root, 'proc/self/ns/mnt'));
  const { value } = await look(root, [
    { ...containerd, pid: 50, mnt: '4:66' },
    { ...containerd, pid: 60, mnt: '4:77' },
    { ...daemon('kubelet'), pid: 10, mnt: '4:77' },
  ]);
  expect(value.seenBy).toEqual({ pid: 60, what: 'runtime' });
});

test('attachments of the CNI cache name pins as mountinfo does', async () => {
  const root = temporaryFolder();
  const file = '/var/lib/cni/results/podnet-x-eth0';
  plant(root, {
    '/proc/100/mountinfo': line(PATH, 1),
    [PATH]: '',
    [file]: `{"kind":"cniCacheV1","containerId":"x","networkName":"podnet","netns":"/var/run/netns/cni-${UUID}"}`,
  });
  fs.symlinkSync('../run', path.join(root, 'var/run'));
  const { value } = await look(root, [containerd]);
  expect(value.attachments).toEqual([
    {
      path: file,
      containerId: 'x',
      network: 'podnet',
      netns: PATH,
      mtime: fs.statSync(path.join(root, file)).mtimeMs,
    },
  ]);
});

test('what went away or changed while others were read is not confirmed', async () => {
  const root = temporaryFolder();
  const stays = line('/run/netns/stays', 1);
  plant(root, {
    '/proc/100/mountinfo': stays + line('/run/netns/gone', 2) + line('/run/netns/reused', 3),
    '/run/netns/bare-stays': '',
    '/run/netns/bare-gone': '',
    '/run/netns/mounted-late': '',
  });
  const meanwhile: Collector<'images'> = {
    fact: 'images',
    summary: 'stands for what happens in between',
    timeoutMs: 1000,
    after: ['pins'],
    collect() {
      fs.rmSync(path.join(root, 'run/netns/bare-gone'));
      plant(root, {
        '/proc/100/mountinfo': stays + line('/run/netns/reused', 4) + line('/run/netns/mounted-late', 5),
      });
      return complete([]);
    },
  };
  const { value } = await look(root, [containerd], meanwhile);
  const confirmed = (pin: Pin) => [path.basename(pin.path), pin.confirmed];
  expect(Object.fromEntries(value.pins.map(confirmed))).toEqual({
    stays: true,
    gone: false,
    reused: false,
    'bare-stays': true,
    'bare-gone': false,
    'mounted-late': false,
  });
});

test('a real pin in a mount namespace of its own', async () => {
  const folder = path.join(fs.realpathSync(temporaryFolder()), 'netns');
  const pin = path.join(folder, `cni-${UUID}`);
  plant('', { [pin]: '' });
  const script = 'mount --bind /proc/self/ns/net "$0" && exec sleep 1000';
  const unshare = ['--map-root-user', '--mount', '--net', 'sh', '-c', script, pin];
  const pid = await started('unshare', unshare, (p) => linkOf(`/proc/${p}/exe`).endsWith('/sleep'));
  const look = { env: {}, rpcTimeoutMs: 1000 };
  const collectors = [running({ ...containerd, pid }), cniCacheCollector, pinsCollector];
  const { pins } = await gather(collectors, ['pins'], createReadHost(), look, new AbortController().signal);
  if (!pins || !('value' in pins)) throw new Error(JSON.stringify(pins));
  const { dev, ino } = fs.statSync(`/proc/${pid}/ns/net`);
  expect(pins.value.seenBy).toEqual({ pid, what: 'runtime' });
  expect(pins.value.pins.find((p) => p.path === pin)).toEqual({
    path: pin,
    type: 'net',
    ns: `${dev}:${ino}`,
    mounts: 1,
    scheme: 'containerd',
    confirmed: true,
  });
});
