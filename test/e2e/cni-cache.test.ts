import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCache, writeCache } from '../../src/cni/cache.ts';
import { encodeCache } from '../../src/cni/cache-format.ts';
import { CACHE_DIR } from '../../src/cni/runtime.ts';
import { startContainerd } from '../rig/containerd.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod, removePod } from '../rig/pods.ts';

/** A marker in the result: what the runtime hands to its plugins on DEL came from our file. */
const MARK = '192.0.2.53';

/** Debian's plugins by links; the bridge notes first what it is given on DEL. */
function listeningPlugins(cniBin: string, dir: string): string {
  const bin = path.join(dir, 'bin');
  fs.mkdirSync(bin);
  for (const name of fs.readdirSync(cniBin)) fs.symlinkSync(path.join(cniBin, name), path.join(bin, name));
  fs.rmSync(path.join(bin, 'bridge'));
  const script = `#!/bin/sh\nif [ "$CNI_COMMAND" = DEL ]; then { cat; echo; } | tee -a ${dir}/heard; else cat; fi | ${cniBin}/bridge\n`;
  fs.writeFileSync(path.join(bin, 'bridge'), script, { mode: 0o755 });
  return bin;
}

it.each<Line>(['1.6', '2.x'])("containerd %s and we read each other's CNI cache", async (line) => {
  const { available, missing } = await runtimes([line]);
  const [runtime] = available;
  if (!runtime) throw new Error(`no containerd ${line}: ${missing[0]?.reason}`);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cni-libcni-'));
  const containerd = await startContainerd({ ...runtime, cniBin: listeningPlugins(runtime.cniBin, dir) });
  try {
    const pod = await makePod(containerd, { name: 'web', containers: [] });
    const key = { network: containerd.cniNetwork, containerId: pod.id, ifName: 'eth0' };
    const entry = readCache(CACHE_DIR, key);
    if (entry.status !== 'found' || !entry.cached.conf || !entry.cached.result) throw new Error(entry.status);
    const { conf, attachment, result, file } = entry.cached;
    expect(conf.plugins.map((plugin) => plugin.type)).toEqual(['bridge']);
    expect(attachment.netns).toMatch(/^\/var\/run\/netns\/cni-/);
    const theirs = fs.readFileSync(file, 'utf8');
    const ours = encodeCache({ network: key.network, config: conf.secret().text, attachment, result });
    expect(theirs.includes('"netns":') ? ours : ours.replace(/"netns":"[^"]*",/, '')).toBe(theirs);

    expect(writeCache(CACHE_DIR, conf, attachment, { ...result, dns: { nameservers: [MARK] } })).toBe(file);
    await removePod(containerd, pod.id);
    const [first = ''] = fs.readFileSync(path.join(dir, 'heard'), 'utf8').split('\n');
    expect(JSON.parse(first).prevResult).toMatchObject({ dns: { nameservers: [MARK] }, ips: result.ips });
    expect(readCache(CACHE_DIR, key)).toEqual({ status: 'absent' });
  } finally {
    await containerd.stop();
    fs.rmSync(dir, { recursive: true });
  }
});
