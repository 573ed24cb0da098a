import fs from 'node:fs';
import path from 'node:path';
import { fetchPackages } from '../rig/apt.ts';
import { withLock } from '../rig/lock.ts';
import { cacheFolder } from '../rig/packages.ts';

const PACKAGES = [
  'iptables',
  'libxtables12',
  'libip4tc2',
  'libip6tc2',
  'libnftnl11',
  'libmnl0',
  'libnfnetlink0',
  'libnetfilter-conntrack3',
];

/** Debian's iptables as unpacked, with its libraries; fetched once. */
export async function iptablesTree(): Promise<string> {
  const folder = path.join(cacheFolder(), 'iptables');
  if (fs.existsSync(folder)) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(folder)) return folder;
    const work = fs.mkdtempSync(`${folder}.tmp-`);
    try {
      const into = path.join(work, 'tree');
      fs.mkdirSync(into);
      await fetchPackages('bookworm', PACKAGES, work, into);
      fs.renameSync(into, folder);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
    return folder;
  });
}

/** Puts iptables and ip6tables, and what saves their rules, into a folder: scripts that find their libraries. */
export function installIptables(tree: string, into: string, kind: 'nft' | 'legacy' = 'nft'): void {
  const lib = fs
    .readdirSync(path.join(tree, 'usr/lib'))
    .map((name) => path.join(tree, 'usr/lib', name))
    .find((folder) => fs.existsSync(path.join(folder, 'xtables')));
  const program = path.join(tree, `usr/sbin/xtables-${kind}-multi`);
  for (const tool of ['iptables', 'ip6tables'])
    for (const name of [tool, `${tool}-save`]) {
      const script = `#!/bin/sh\nLD_LIBRARY_PATH=${lib} XTABLES_LIBDIR=${lib}/xtables exec ${program} ${name} "$@"\n`;
      const named = name.replace('tables', `tables-${kind}`);
      for (const file of [name, named]) fs.writeFileSync(path.join(into, file), script, { mode: 0o755 });
    }
}
