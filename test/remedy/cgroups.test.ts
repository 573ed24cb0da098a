import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeCgroup } from '../../src/remedy/actions/removals.ts';
import { cgroupTree } from '../../src/remedy/cgroups.ts';
import { cgroupEmpty } from '../../src/remedy/guards/cgroups.ts';
import { folder } from '../native/native.ts';

const CGROUP2 = 0x63677270;

/** A hierarchy of this machine in which cgroups can be made. */
function hierarchy(): string {
  const all = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/unified', '/sys/fs/cgroup'];
  const found = all.find((at) => fs.existsSync(at) && [CGROUP2, 0x27e0eb].includes(fs.statfsSync(at).type));
  if (!found) throw new Error('no cgroups here');
  return found;
}

function made() {
  const at = hierarchy();
  const cgroup = `/podctl-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  fs.mkdirSync(path.join(at, cgroup, 'inner', 'leaf'), { recursive: true });
  onTestFinished(() => {
    for (const part of ['inner/leaf', 'inner', '']) {
      const below = path.join(at, cgroup, part);
      if (fs.existsSync(below)) fs.rmdirSync(below);
    }
  });
  return { at, cgroup, action: { kind: 'remove-cgroup' as const, path: cgroup, hierarchies: [at] } };
}

it('removes an empty cgroup with those below it, leaf first', () => {
  const { at, cgroup, action } = made();
  expect(cgroupEmpty({ kind: 'cgroup-empty', path: cgroup, hierarchies: [at] })).toBeNull();
  expect(removeCgroup(action)).toBe('done');
  expect(fs.existsSync(path.join(at, cgroup))).toBe(false);
  expect(removeCgroup(action)).toBe('nothing');
});

it('leaves one alone that a process is in', async () => {
  const { at, cgroup, action } = made();
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  fs.writeFileSync(path.join(at, cgroup, 'inner', 'leaf', 'cgroup.procs'), String(child.pid));
  expect(cgroupEmpty({ kind: 'cgroup-empty', path: cgroup, hierarchies: [at] })).toContain(`${child.pid}`);
  expect(() => removeCgroup(action)).toThrow('is in use again');
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
  await ended;
  expect(removeCgroup(action)).toBe('done');
});

it('takes no link, no other folder and no way upwards for a cgroup', () => {
  const at = folder();
  fs.mkdirSync(path.join(at, 'plain'));
  fs.symlinkSync('/sys/fs/cgroup', path.join(at, 'link'));
  expect(() => cgroupTree(at, '/plain')).toThrow('is no cgroup');
  expect(() => cgroupTree(at, '/link')).toThrow('is no folder');
  expect(() => cgroupTree(at, '/../etc')).toThrow('no path of a cgroup');
  expect(() => cgroupTree(at, 'plain')).toThrow('no path of a cgroup');
  expect(cgroupTree(at, '/none')).toEqual([]);
});
