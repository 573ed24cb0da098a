import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/host/process.ts';
import { folder, pinned } from '../native/native.ts';
import { identity, refusal, started } from './guards-kit.ts';

describe('pin-stacked', () => {
  it('counts what lies on the pin, and holds for one namespace alone', async () => {
    const { at, ids } = await pinned();
    const pin = path.join(at, 'net');
    const among = identityOf(process.pid);
    if (!among) throw new Error('no identity');
    const ns = `${ids.net}` as `${number}:${number}`;
    const guard = { kind: 'pin-stacked', path: pin, ns, layers: 1, among } as const;
    expect(await refusal(guard)).toContain('0 mounts are stacked');
    execFileSync('mount', ['--bind', pin, pin]);
    expect(await refusal(guard)).toBeNull();
    expect(await refusal({ ...guard, layers: 2 })).toContain('1 mounts are stacked');
    expect(await refusal({ ...guard, ns: '4:1' })).toContain('is mounted on');
    expect(await refusal({ ...guard, among: { ...among, startTicks: 1 } })).toContain('another one by now');
    execFileSync('umount', [pin]);
  });
});

describe('process-in', () => {
  it('compares the process and the cgroup that it is in', async () => {
    const child = identity(started('sleep', ['300']));
    const lines = fs.readFileSync(`/proc/${child.pid}/cgroup`, 'utf8').trim().split('\n');
    const cgroup = lines[0]?.split(':').slice(2).join(':') ?? '';
    const guard = { kind: 'process-in', process: child, cgroup } as const;
    expect(await refusal(guard)).toBeNull();
    expect(await refusal({ ...guard, cgroup: `${cgroup}/kubepods/podx` })).toContain('is not in');
    const reused = { ...child, startTicks: child.startTicks + 1 };
    expect(await refusal({ ...guard, process: reused })).toContain('another one by now');
  });
});

describe('absent', () => {
  it('does not hold once anything is there, be it a link to nothing', async () => {
    const file = path.join(folder(), 'f');
    expect(await refusal({ kind: 'absent', path: file })).toBeNull();
    fs.symlinkSync('/nowhere', file);
    expect(await refusal({ kind: 'absent', path: file })).toContain('is there by now');
  });
});
