import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { podctl, reportOf } from '../support/cli.ts';
import { CONFIG, nodeImage } from '../support/node-image.ts';
import { temporaryFolder } from '../support/node-tree.ts';

let root: string;

beforeEach(async () => {
  root = temporaryFolder();
  await nodeImage(root, '1.7');
});

/** The doctor in mounts of its own, which `prepare` changes before. What it prints, and its exit code. */
function apart(prepare: string, args: string[]): { code: number; report: Report } {
  const script = `${prepare}\nshift\nexec "$@"`;
  const words = ['-m', 'sh', '-ec', script, 'sh', root, process.execPath, podctl, 'doctor', '-o', 'json'];
  try {
    return {
      code: 0,
      report: JSON.parse(execFileSync('unshare', [...words, ...args], { encoding: 'utf8' })),
    };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { code: status, report: JSON.parse(stdout) };
  }
}

/** Without what no two runs have in common. */
function timeless({ takenAt: _, durationMs: __, facts, checks, ...report }: Report): unknown {
  return {
    ...report,
    facts: facts.map(({ ms: ___, ...fact }) => fact),
    checks: checks.map(({ ms: ___, ...check }) => check),
  };
}

test('what this machine has of its own is in no report of an image', async () => {
  const { report } = await reportOf(['--root', root]);
  const otherMachine = [
    'mount -t tmpfs apart /etc; mount -t tmpfs apart /run',
    'mkdir -p /etc/containerd /etc/cni/net.d /run/containerd /etc/systemd/system /run/netns',
    "echo 'version = [' > /etc/containerd/config.toml; echo '{' > /etc/cni/net.d/0.conflist",
    'echo other-name > /etc/hostname; touch /run/containerd/containerd.sock /run/netns/cni-1',
    "echo 'ExecStart=kubelet --network-plugin=cni' > /etc/systemd/system/kubelet.service",
  ].join('\n');
  const other = apart(otherMachine, ['--root', root]);
  expect(timeless(other.report)).toEqual(timeless(report));
  expect(JSON.stringify(other.report)).not.toContain('other-name');
});

test('an image is one although the /proc of the machine that builds it is mounted in it', () => {
  for (const mount of ['mount --bind /proc "$1/proc"', 'mount -t proc proc "$1/proc"']) {
    const { code, report } = apart(`mkdir -p "$1/proc"; ${mount}`, ['--root', root]);
    expect(code).toBe(0);
    expect(report).toMatchObject({ node: 'golden', runtime: expect.stringMatching(/^node image, /) });
    expect(report.facts.find(({ name }) => name === 'processes')).toMatchObject({ status: 'absent' });
  }
});

test('a running node that is mounted somewhere is none', () => {
  const { report } = apart('mkdir -p "$1/mnt"; mount --rbind / "$1/mnt"', ['--root', path.join(root, 'mnt')]);
  expect(report.node).toBe(os.hostname());
  expect(report.facts.find(({ name }) => name === 'host')).toMatchObject({ status: 'complete' });
});

test('a device in an image is not opened', () => {
  const file = path.join(root, CONFIG);
  fs.rmSync(file);
  // Opened, it would be read without end.
  const { code, report } = apart('mknod "$1/etc/containerd/config.toml" c 1 5', ['--root', root]);
  expect(code).toBe(1);
  const [finding] = report.checks.find(({ id }) => id === 'config/unreadable')?.findings ?? [];
  expect(finding?.message).toContain('not a regular file');
});
