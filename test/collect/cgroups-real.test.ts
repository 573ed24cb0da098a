import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { hierarchies } from '../../src/collect/cgroup-tree.ts';
import { cgroupsCollector } from '../../src/collect/cgroups.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { lookAt } from '../support/look-at.ts';
import { id } from '../support/node.ts';
import { linkOf, started } from '../support/proc-tree.ts';

test('real cgroups below a parent of their own, with a process and without', async () => {
  const uids = [randomUUID(), randomUUID()];
  const parent = `/podctl-test-${process.pid}`;
  const all = hierarchies(createReadHost(), []).map(({ at }) => at);
  expect(all).not.toEqual([]);
  // Deepest first, as the kernel wants it; the process ends before.
  const made: string[] = [];
  onTestFinished(async () => {
    for (const folder of made.reverse())
      await expect.poll(() => gone(folder), { timeout: 10_000 }).toBe(true);
  });
  const make = (path: string) => {
    for (const at of all) {
      fs.mkdirSync(at + path);
      made.push(at + path);
    }
  };
  for (const path of [parent, `${parent}/kubepods`]) make(path);
  for (const uid of uids) make(`${parent}/kubepods/pod${uid}`);
  const inside = `${parent}/kubepods/pod${uids[0]}/${id('c1')}`;
  make(inside);
  const pid = await started('sleep', ['1000'], (p) => linkOf(`/proc/${p}/exe`).endsWith('/sleep'));
  fs.writeFileSync(`${all.at(-1)}${inside}/cgroup.procs`, String(pid));

  const { cgroups } = await lookAt('', [cgroupsCollector], ['cgroups']);
  if (cgroups?.status !== 'complete') throw new Error(JSON.stringify(cgroups));
  const ours = cgroups.value.filter(({ path }) => path.startsWith(parent));
  const expected = uids.map((uid, i) => ({
    path: `${parent}/kubepods/pod${uid}`,
    uid,
    mtime: expect.any(Number),
    hierarchies: all,
    populated: i === 0,
    containers: i === 0 ? [id('c1')] : [],
    confirmed: true,
  }));
  expect(ours).toEqual(expected.sort((a, b) => (a.path < b.path ? -1 : 1)));
});

/** Removes a cgroup; false while a process in it has not been reaped. */
function gone(folder: string): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    return !fs.existsSync(folder);
  }
}
