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

/** Puts iptables, ip6tables and iptables-save into a folder, as scripts that find their libraries. */
export function installIptables(tree: string, into: string): void {
  const lib = fs
    .readdirSync(path.join(tree, 'usr/lib'))
    .map((name) => path.join(tree, 'usr/lib', name))
    .find((folder) => fs.existsSync(path.join(folder, 'xtables')));
  const program = path.join(tree, 'usr/sbin/xtables-nft-multi');
  for (const name of ['iptables', 'ip6tables', 'iptables-save']) {
    const script = `#!/bin/sh\nLD_LIBRARY_PATH=${lib} XTABLES_LIBDIR=${lib}/xtables exec ${program} ${name} "$@"\n`;
    fs.writeFileSync(path.join(into, name), script, { mode: 0o755 });
  }
}
