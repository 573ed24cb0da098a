import fs from 'node:fs';
import path from 'node:path';
import { fetchPackages } from '../rig/apt.ts';
import { withLock } from '../rig/lock.ts';
import { cacheFolder } from '../rig/packages.ts';
import { sh } from '../rig/sh.ts';

const SUITE = 'bookworm';
const PACKAGES = [
  'gcc-12-aarch64-linux-gnu',
  'cpp-12-aarch64-linux-gnu',
  'gcc-12-aarch64-linux-gnu-base',
  'libgcc-12-dev-arm64-cross',
  'binutils-aarch64-linux-gnu',
  'libc6-dev-arm64-cross',
  'libc6-arm64-cross',
  'linux-libc-dev-arm64-cross',
];

/** Debian's cross compiler for aarch64: the machine's own, or unpacked into the cache. Null with a reason. */
export async function crossCompiler(): Promise<{ compiler: string | null; missing: string }> {
  try {
    return { compiler: await ownCompiler().catch(() => unpacked()), missing: '' };
  } catch (error) {
    return { compiler: null, missing: error instanceof Error ? error.message : String(error) };
  }
}

async function ownCompiler(): Promise<string> {
  await sh('aarch64-linux-gnu-gcc', ['--version']);
  return 'aarch64-linux-gnu-gcc';
}

async function unpacked(): Promise<string> {
  const folder = path.join(cacheFolder(), 'aarch64-gcc');
  const compiler = path.join(folder, 'aarch64-gcc');
  await withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(compiler)) return;
    const work = fs.mkdtempSync(`${folder}.tmp-`);
    try {
      const into = path.join(work, 'tree');
      fs.mkdirSync(into);
      await fetchPackages(SUITE, PACKAGES, work, into);
      fs.writeFileSync(path.join(into, 'aarch64-gcc'), wrapper(folder), { mode: 0o755 });
      fs.renameSync(into, folder);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
  });
  await sh(compiler, ['--version']);
  return compiler;
}

/** The packages expect to be at /usr: this tells the compiler, and the assembler that it runs, where they are. */
function wrapper(folder: string): string {
  const tools = `${folder}/usr/aarch64-linux-gnu`;
  const places = [`-B${tools}/bin/`, `-B${tools}/lib/`, `-isystem ${tools}/include`, `-L${tools}/lib`];
  return [
    '#!/bin/sh',
    `LD_LIBRARY_PATH=${folder}/usr/lib/x86_64-linux-gnu`,
    'export LD_LIBRARY_PATH',
    `exec ${folder}/usr/bin/aarch64-linux-gnu-gcc-12 ${places.join(' ')} "$@"\n`,
  ].join('\n');
}
