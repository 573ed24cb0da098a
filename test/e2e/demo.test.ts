import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { addedSince, footprint } from '../rig/footprint.ts';
import { repositoryRoot } from '../rig/repository.ts';

function demo(...args: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const cwd = repositoryRoot();
  const program = path.join(cwd, 'dist/dev/demo.js');
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { cwd }, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}

it('shows a healthy pod, breaks it, and has both faults named', async () => {
  const before = footprint();
  const { exitCode, stdout, stderr } = await demo();
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/client: hello from the pod[\s\S]*checks pass[\s\S]*image\/sandbox-image-missing/);
  expect(stdout).toMatch(/sandbox\/anchor-lost[\s\S]*2 faults \(2 errors\)/);
  expect(addedSince(before).filter((line) => !line.startsWith('links: '))).toEqual([]);
});

it('judges a recorded node where no pod can be made', async () => {
  const { exitCode, stdout } = await demo('--without-rig');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('--without-rig');
  for (const check of [
    'image/sandbox-image-missing',
    'sandbox/anchor-lost',
    'netns/mismatch',
    'netns/leaked',
  ]) {
    expect(stdout).toContain(check);
  }
});
