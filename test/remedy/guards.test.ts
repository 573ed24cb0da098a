import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { identifyFile } from '../../src/host/file-identity.ts';
import type { Guard } from '../../src/model/plan.ts';
import { probeNetworks } from '../../src/native/probe.ts';
import { folder, idOf, pinned } from '../native/native.ts';
import { identity, refusal, started } from './guards-kit.ts';

describe('childless', () => {
  it('holds for a process without children, and not for one that has got one', async () => {
    const process = identity(started('sleep', ['300']));
    expect(await refusal({ kind: 'childless', process })).toBeNull();
    const parent = started('sh', ['-c', 'sleep 300 & wait']);
    const guard: Guard = { kind: 'childless', process: identity(parent) };
    await expect.poll(() => refusal(guard)).toContain('has a child');
  });

  it('does not hold for a process that is gone, or for another one of its number', async () => {
    const child = started('sleep', ['300']);
    const process = identity(child);
    const reused = { ...process, startTicks: process.startTicks + 1 };
    expect(await refusal({ kind: 'childless', process: reused })).toContain('another one by now');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await refusal({ kind: 'childless', process })).toContain('is gone');
  });
});

describe('file-is', () => {
  it('does not hold once the file was changed, replaced, removed, or became a link', async () => {
    const at = folder();
    const file = path.join(at, 'f');
    fs.writeFileSync(file, 'one');
    const guard: Guard = { kind: 'file-is', path: file, file: identifyFile(file).file };
    expect(await refusal(guard)).toBeNull();
    fs.writeFileSync(file, 'two');
    expect(await refusal(guard)).toContain('was changed in the meantime');
    fs.writeFileSync(file, 'one');
    expect(await refusal(guard)).toBeNull();
    fs.renameSync(file, `${file}2`);
    expect(await refusal(guard)).toContain('is gone');
    fs.symlinkSync(`${file}2`, file);
    expect(await refusal(guard)).toContain('a link');
    fs.rmSync(file);
    fs.writeFileSync(file, 'one');
    expect(await refusal(guard)).toContain('was changed in the meantime');
  });
});

describe('namespace-empty', () => {
  it('does not hold while somebody is in it, or when the path leads elsewhere', async () => {
    const { at, ids } = await pinned();
    const pin = path.join(at, 'net');
    const guard: Guard = { kind: 'namespace-empty', path: pin, ns: `${ids.net}` as `${number}:${number}` };
    expect(await refusal(guard)).toBeNull();
    const inside = started('nsenter', [`--net=${pin}`, 'sleep', '300']);
    await expect.poll(() => refusal(guard)).toContain('is in');
    inside.kill('SIGKILL');
    await once(inside, 'exit');
    expect(await refusal(guard)).toBeNull();
    expect(await refusal({ ...guard, path: path.join(at, 'ipc') })).toContain('by now, and was');
    expect(await refusal({ ...guard, path: path.join(at, 'no') })).toContain('no namespace');
  });

  it('does not hold for the namespace that everybody is in', async () => {
    const path = '/proc/self/ns/net';
    const ns = idOf(path) as `${number}:${number}`;
    expect(await refusal({ kind: 'namespace-empty', path, ns })).toContain('is in');
  });
});

describe('no-plugin-runs', () => {
  const id = 'f0'.repeat(32);
  const netns = '/var/run/netns/cni-00000000-dead-4000-8000-000000000000';

  it('sees a plugin by the id or the namespace that it was told', async () => {
    const quiet: Guard = { kind: 'no-plugin-runs', id, netns };
    expect(await refusal(quiet)).toBeNull();
    started('sleep', ['300'], { PATH: '/bin', CNI_COMMAND: 'ADD', CNI_CONTAINERID: id, CNI_NETNS: netns });
    const byId: Guard = { kind: 'no-plugin-runs', id, netns: '' };
    await expect.poll(() => refusal(byId)).toContain('a CNI plugin is at work on it');
    const byPath: Guard = { kind: 'no-plugin-runs', id: '', netns: netns.replace('/var', '') };
    expect(await refusal(byPath)).toContain('a CNI plugin is at work on it');
    expect(await refusal({ kind: 'no-plugin-runs', id: 'f1'.repeat(32), netns: '/run/netns/x' })).toBeNull();
    expect(await refusal({ kind: 'no-plugin-runs', id: '', netns: '' })).toBeNull();
  });

  it('takes no other program for one', async () => {
    started('sleep', ['300'], { PATH: '/bin', CONTAINERID: id, XCNI_CONTAINERID: id });
    expect(await refusal({ kind: 'no-plugin-runs', id, netns: '' })).toBeNull();
  });
});

describe('link-is', () => {
  it('compares index, name, address and other end', async () => {
    const probed = await probeNetworks(['/proc/self/ns/net']);
    const link = probed.ok ? probed.value[0]?.network?.links[0] : undefined;
    if (!link) throw new Error('no link');
    const { name, index, mac, peerIndex } = link;
    const guard: Guard = { kind: 'link-is', name, index, mac, peerIndex };
    expect(await refusal(guard)).toBeNull();
    expect(await refusal({ ...guard, name: 'other' })).toContain('by now, and was other');
    expect(await refusal({ ...guard, mac: '02:00:00:00:00:01' })).toContain('by now');
    expect(await refusal({ ...guard, peerIndex: 77_777 })).toContain('by now');
    expect(await refusal({ ...guard, index: 9_999_999 })).toContain('is gone');
  });
});

describe('masterless', () => {
  it('looks whether a link is in a bridge', async () => {
    const probed = await probeNetworks(['/proc/self/ns/net']);
    const link = probed.ok ? probed.value[0]?.network?.links.find(({ loopback }) => loopback) : undefined;
    if (!link) throw new Error('no link');
    expect(await refusal({ kind: 'masterless', name: link.name, index: link.index })).toBeNull();
    expect(await refusal({ kind: 'masterless', name: 'x', index: 9_999_999 })).toContain('is gone');
  });
});

describe('portless', () => {
  it('looks for links whose bridge it is', async () => {
    const probed = await probeNetworks(['/proc/self/ns/net']);
    const links = probed.ok ? (probed.value[0]?.network?.links ?? []) : [];
    const masters = new Set(links.map(({ master }) => master));
    const unused = links.find(({ index }) => !masters.has(index));
    if (!unused) throw new Error('no link');
    expect(await refusal({ kind: 'portless', name: unused.name, index: unused.index })).toBeNull();
    // Links that are in no bridge have none: as if that were one.
    expect(await refusal({ kind: 'portless', name: 'br', index: 0 })).toMatch(/^br is in use: .+ is in it$/);
  });
});

describe('pod-unknown', () => {
  it('sees the folder that kubelet has for a pod', async () => {
    const at = folder();
    const guard: Guard = { kind: 'pod-unknown', endpoint: '', uid: 'u-1', folder: at };
    expect(await refusal(guard)).toBeNull();
    fs.mkdirSync(path.join(at, 'u-1'));
    expect(await refusal(guard)).toContain('kubelet knows the pod');
    expect(await refusal({ ...guard, folder: path.join(at, 'none') })).toBeNull();
    expect(await refusal({ ...guard, uid: '../x' })).toContain('is no uid of a pod');
  });
});

describe('disowned', () => {
  const id = 'ab'.repeat(32);

  it('sees a bundle, and what cannot be looked at', async () => {
    const at = folder();
    const guard: Guard = { kind: 'disowned', endpoint: '', id, bundles: [at] };
    expect(await refusal(guard)).toBeNull();
    fs.mkdirSync(path.join(at, id));
    expect(await refusal(guard)).toContain('its bundle');
  });

  it('does not hold where the runtime does not answer', async () => {
    const endpoint = path.join(folder(), 'no.sock');
    expect(await refusal({ kind: 'disowned', endpoint, id, bundles: [] })).toContain('no such socket');
    const rest = { endpoint, bundles: [], caches: [] };
    expect(await refusal({ kind: 'netns-disowned', path: '/run/netns/x', ...rest })).toContain(
      'no such socket',
    );
    expect(await refusal({ kind: 'sandbox-unready', endpoint, id })).toContain('no such socket');
    expect(await refusal({ kind: 'sandbox-dead', endpoint, id })).toContain('no such socket');
    expect(await refusal({ kind: 'no-task', endpoint, container: id })).toContain('no such socket');
    const lost = { container: id, sandbox: id, state: 'unknown' } as const;
    expect(await refusal({ kind: 'container-is', endpoint, ...lost })).toContain('no such socket');
    expect(await refusal({ kind: 'image-is', endpoint, image: 'x', id: null })).toContain('no such socket');
  });

  it('sees a shim that has children', async () => {
    const guard: Guard = { kind: 'disowned', endpoint: '', id, bundles: [] };
    const script = path.join(folder(), 'containerd-shim-runc-v2');
    fs.writeFileSync(script, '#!/bin/sh\nsleep 300 & wait\n', { mode: 0o755 });
    expect(await refusal(guard)).toBeNull();
    const shim = started(script, ['-namespace', 'k8s.io', '-id', id]);
    await expect.poll(() => refusal(guard)).toContain(`its shim, process ${shim.pid}, has children`);
    expect(await refusal({ ...guard, id: 'ac'.repeat(32) })).toBeNull();
  });
});

describe('netns-disowned', () => {
  it('sees a bundle that names the namespace, under either of its names', async () => {
    const at = folder();
    const pin = '/run/netns/cni-00000000-beef-4000-8000-000000000000';
    const guard: Guard = { kind: 'netns-disowned', endpoint: '', path: pin, bundles: [at], caches: [] };
    expect(await refusal(guard)).toBeNull();
    fs.mkdirSync(path.join(at, 'x'));
    const config = { linux: { namespaces: [{ type: 'network', path: `/var${pin}` }] } };
    fs.writeFileSync(path.join(at, 'x', 'config.json'), JSON.stringify(config));
    expect(await refusal(guard)).toContain('names it');
  });

  it('sees an owner of an id that is attached to it, by the loopback entry that comes first', async () => {
    const at = folder();
    const [cache, bundles] = [path.join(at, 'results'), path.join(at, 'bundles')];
    const id = 'cd'.repeat(32);
    const pin = '/run/netns/cni-00000000-feed-4000-8000-000000000000';
    fs.mkdirSync(path.join(bundles, id), { recursive: true });
    fs.mkdirSync(cache);
    const entry = {
      kind: 'cniCacheV1',
      containerId: id,
      ifName: 'lo',
      networkName: 'cni-loopback',
      netns: `/var${pin}`,
    };
    const guard: Guard = {
      kind: 'netns-disowned',
      endpoint: '',
      path: pin,
      bundles: [bundles],
      caches: [cache],
    };
    expect(await refusal(guard)).toBeNull();
    fs.writeFileSync(path.join(cache, `cni-loopback-${id}-lo`), JSON.stringify(entry));
    expect(await refusal(guard)).toContain('has an owner');
    fs.rmdirSync(path.join(bundles, id));
    expect(await refusal(guard)).toBeNull();
  });
});
