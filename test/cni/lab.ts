import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type ConfSource, type Network, parseNetwork } from '../../src/cni/conf.ts';
import type { CniRuntime } from '../../src/cni/runtime.ts';
import { runtimes } from '../rig/packages.ts';
import { sh } from '../rig/sh.ts';
import { installIptables, iptablesTree } from './iptables.ts';

/** A host of its own: a network namespace in which the plugins run, so that nothing outside is touched. */
export interface Lab {
  dir: string;
  runtime: CniRuntime;
  /** Makes a network namespace for a pod; gives its path. */
  makePod(): Promise<string>;
  /** Runs a busybox applet in a namespace of the lab (default: the host's). */
  inside(applet: string[], netns?: string): Promise<string>;
  /** Runs iptables on the lab's host. */
  iptables(args: string[]): Promise<string>;
  /** Puts a plugin of ours beside Debian's. */
  addPlugin(name: string, script: string): void;
  /** What the plugins may have left: links and rules of the host, reservations, cache. */
  traces(): Promise<Record<string, string[]>>;
  close(): Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const {
    available: [tools],
    missing,
  } = await runtimes(['1.6']);
  if (!tools) throw new Error(`no CNI plugins: ${missing[0]?.reason}`);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cni-'));
  const bin = path.join(dir, 'bin');
  const tool = path.join(dir, 'tools');
  for (const folder of [bin, tool]) fs.mkdirSync(folder);
  installIptables(await iptablesTree(), tool);
  const pins: string[] = [];

  async function makeNetns(name: string): Promise<string> {
    const pin = path.join(dir, name);
    fs.writeFileSync(pin, '');
    await sh('unshare', [`--net=${pin}`, 'true']);
    pins.push(pin);
    return pin;
  }

  const host = await makeNetns('host');
  for (const name of fs.readdirSync(tools.cniBin)) {
    const script = `#!/bin/sh\nexec nsenter --net=${host} ${path.join(tools.cniBin, name)} "$@"\n`;
    fs.writeFileSync(path.join(bin, name), script, { mode: 0o755 });
  }
  const inside = (applet: string[], netns = host) =>
    sh('nsenter', [`--net=${netns}`, tools.busybox, ...applet]);
  await inside(['ip', 'link', 'set', 'lo', 'up']);

  return {
    dir,
    runtime: {
      binFolders: [bin],
      cacheDir: path.join(dir, 'cache'),
      timeoutMs: 20_000,
      envPath: `${tool}:/usr/sbin:/usr/bin:/sbin:/bin`,
    },
    makePod: () => makeNetns(`pod-${randomBytes(3).toString('hex')}`),
    inside,
    iptables: (args) => sh('nsenter', [`--net=${host}`, path.join(tool, 'iptables'), ...args]),
    addPlugin: (name, script) => fs.writeFileSync(path.join(bin, name), script, { mode: 0o755 }),
    async traces() {
      const rules = await sh('nsenter', [`--net=${host}`, path.join(tool, 'iptables-save')]);
      return {
        links: (await inside(['ip', '-o', 'link'])).split('\n').map((line) => line.split(': ')[1] ?? ''),
        routes: (await inside(['ip', 'route'])).trim().split('\n'),
        rules: rules.split('\n').filter((line) => line.startsWith('-A')),
        reservations: filesBelow(path.join(dir, 'ipam')).filter((name) =>
          /\d\.\d|:/.test(path.basename(name)),
        ),
        cache: filesBelow(path.join(dir, 'cache')),
      };
    },
    async close() {
      for (const pin of pins) await sh('umount', [pin]);
      fs.rmSync(dir, { recursive: true });
    },
  };
}

/** A network from an object; its file name is only a name. */
export function networkOf(
  conf: object,
  source: ConfSource = { file: '/etc/cni/net.d/10-lab.conflist' },
): Network {
  return parseNetwork(JSON.stringify(conf), source);
}

function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .sort();
}
