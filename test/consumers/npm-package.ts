import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { withLock } from '../rig/lock.ts';
import { cacheFolder } from '../rig/packages.ts';

/**
 * The folder of a package of the npm registry, unpacked into the cache: for what only a test needs, and no
 * installation. `wanted` names the version, too. Throws with npm's reason when it cannot be had.
 */
export async function npmPackage(wanted: string): Promise<string> {
  const folder = path.join(cacheFolder(), `npm-${wanted.replace(/[^\w.-]+/g, '-')}`);
  if (fs.existsSync(folder)) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(folder)) return folder;
    const work = fs.mkdtempSync(`${folder}.tmp-`);
    try {
      const args = ['pack', wanted, '--silent', '--pack-destination', work];
      const tarball = execFileSync('npm', args, { cwd: work, encoding: 'utf8' }).trim();
      execFileSync('tar', ['-xzf', path.join(work, tarball), '-C', work]);
      fs.renameSync(path.join(work, 'package'), folder);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
    return folder;
  });
}
