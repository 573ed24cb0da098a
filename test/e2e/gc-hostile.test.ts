import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { Containerd } from '../rig/containerd.ts';
import { CNI_CACHE } from '../rig/files.ts';
import { YOUNG } from './cure-kit.ts';
import { GC, onNode } from './live-node.ts';

const VICTIM = 'this must stay';

/**
 * Lays traps where CNI and the runtime keep their files. Gives their paths, those that are to be named as odd, and
 * a folder that links lead to.
 */
function trap({ ipamDir, cniNetwork, prefix, dir, journal }: Containerd): {
  victim: string;
  traps: string[];
  odd: string[];
} {
  const victim = path.join(dir, 'victim');
  fs.mkdirSync(victim);
  fs.writeFileSync(path.join(victim, 'file'), VICTIM);
  const reservation = (name: string) => path.join(ipamDir, cniNetwork, name);
  const cached = (end = 'eth0') =>
    path.join(CNI_CACHE, `${cniNetwork}-${randomBytes(32).toString('hex')}-${end}`);
  const pin = `/run/netns/cni-${randomUUID()}`;
  const link = { reservation: reservation(`${prefix}66.1`), cache: cached() };
  const folder = { reservation: reservation(`${prefix}66.2`), cache: cached() };
  const odd = { reservation: reservation(`${prefix}66.3\n\u001b[2J`), cache: cached('a\nb\u001b[31m') };
  const climbing = reservation(`${prefix}66.4`);
  fs.symlinkSync(path.join(victim, 'file'), link.reservation);
  fs.symlinkSync(path.join(victim, 'file'), link.cache);
  fs.symlinkSync(victim, path.join(ipamDir, 'linked'));
  fs.mkdirSync(folder.reservation);
  fs.mkdirSync(folder.cache);
  fs.writeFileSync(odd.reservation, 'x');
  fs.writeFileSync(odd.cache, '{');
  fs.writeFileSync(climbing, `../../../..${victim}/file\r\neth0`);
  fs.writeFileSync(pin, '');
  fs.appendFileSync(journal, `${pin}\n`);
  const traps = [link, folder, odd].flatMap((one) => [one.reservation, one.cache]);
  const named = [link, folder].flatMap((one) => [one.reservation, one.cache]);
  return {
    victim,
    odd: [...named, odd.reservation, climbing],
    traps: [...traps, climbing, path.join(ipamDir, 'linked'), pin],
  };
}

function oddOnes({ checks }: Report): string[] {
  const found = checks.find(({ id }) => id === 'cni/odd-file')?.findings ?? [];
  return found.map(({ subject }) => subject.id).sort();
}

test('links, folders and names that are no good are never followed, and never harmed', async () => {
  await onNode(async (containerd, kit) => {
    const { victim, traps, odd } = trap(containerd);
    try {
      const doctor = await kit.run(['doctor', '-v', '--min-age', '0s']);
      expect([0, 1]).toContain(doctor.code);
      const run = await kit.run([...GC, '--yes', '--max-share', '100', ...YOUNG]);
      expect([0, 1]).toContain(run.code);
      const named = JSON.parse((await kit.run(['doctor', '-o', 'json', '--min-age', '0s'])).stdout);
      expect(oddOnes(named)).toEqual(odd.sort());
      for (const text of [doctor.stdout, run.stdout, run.stderr]) expect(text).not.toContain('\u001b');
      expect(fs.readdirSync(victim)).toEqual(['file']);
      expect(fs.readFileSync(path.join(victim, 'file'), 'utf8')).toBe(VICTIM);
      const gone = traps.filter((trapped) => !fs.lstatSync(trapped, { throwIfNoEntry: false }));
      // A plain file that names a container of nobody's goes, whatever else is in its name.
      expect(gone.map((file) => path.basename(file))).toEqual([expect.stringContaining('\n')]);
    } finally {
      for (const trapped of traps) fs.rmSync(trapped, { recursive: true, force: true });
    }
  });
});
