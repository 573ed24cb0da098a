import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fetchPackages } from './apt.ts';
import { withLock } from './lock.ts';
import { sh } from './sh.ts';

export type Line = '1.6' | '1.7' | '2.x';

/** A containerd with what it needs to make pods. All paths are absolute. */
export interface Runtime {
  line: Line;
  /** As `containerd --version` says: 1.6.20, 2.1.9. */
  version: string;
  bin: { containerd: string; ctr: string; shimDir: string; runc: string };
  cniBin: string;
  busybox: string;
}

export interface Runtimes {
  available: Runtime[];
  missing: { version: string; reason: string }[];
}

/** Debian packages, unpacked together. */
export interface Tree {
  /** Of its folder in the cache. */
  name: string;
  suite: string;
  packages: string[];
  /** With all that they need and this machine does not have installed. */
  dependencies?: true;
}

/** runc is Debian 12's for every containerd: the newer ones want a newer libc. */
const TOOLS: Tree = {
  name: 'tools',
  suite: 'bookworm',
  packages: ['runc', 'containernetworking-plugins', 'busybox-static'],
};

const LINES: Record<Line, Tree> = {
  '1.6': { name: 'containerd-1.6', suite: 'bookworm', packages: ['containerd'] },
  '1.7': { name: 'containerd-1.7', suite: 'trixie', packages: ['containerd'] },
  '2.x': { name: 'containerd-2.x', suite: 'sid', packages: ['containerd'] },
};

export const ALL_LINES = Object.keys(LINES) as Line[];

/** Where unpacked packages and built images are kept between runs. */
export function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'podctl-rig');
}

/**
 * Finds the runtimes in the cache, and fetches those that are not there yet (Debian packages, by apt).
 * Needs no network once the cache is filled. Each one that cannot be had is named with the reason.
 */
export async function runtimes(lines: readonly Line[] = ALL_LINES): Promise<Runtimes> {
  const found: Runtimes = { available: [], missing: [] };
  for (const line of lines) {
    try {
      found.available.push(await runtime(line));
    } catch (error) {
      found.missing.push({ version: line, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return found;
}

async function runtime(line: Line): Promise<Runtime> {
  const tools = await tree(TOOLS);
  const own = await tree(LINES[line]);
  const containerd = path.join(own, 'usr/bin/containerd');
  const said = await sh(containerd, ['--version']);
  const version = /\b(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (version === undefined) throw new Error(`${containerd} --version says no version: ${said.trim()}`);
  return {
    line,
    version,
    bin: {
      containerd,
      ctr: path.join(own, 'usr/bin/ctr'),
      shimDir: path.join(own, 'usr/bin'),
      runc: path.join(tools, 'usr/sbin/runc'),
    },
    cniBin: path.join(tools, 'usr/lib/cni'),
    busybox: path.join(tools, 'bin/busybox'),
  };
}

/** The folder of an unpacked tree, fetched once; a tree is whole as soon as its folder exists. */
export async function tree(wanted: Tree): Promise<string> {
  const folder = path.join(cacheFolder(), wanted.name);
  if (fs.existsSync(folder)) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(folder)) return folder;
    const work = fs.mkdtempSync(`${folder}.tmp-`);
    try {
      const into = path.join(work, 'tree');
      fs.mkdirSync(into);
      const debs = await fetchPackages(wanted.suite, wanted.packages, work, into, {
        dependencies: wanted.dependencies === true,
      });
      fs.writeFileSync(path.join(into, 'packages.txt'), `${debs.join('\n')}\n`);
      fs.renameSync(into, folder);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
    return folder;
  });
}
