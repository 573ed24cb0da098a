import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { crossCompiler } from './cross.ts';
import { folder, pause, podctlNs } from './native.ts';

const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Builds in a copy of the sources, at a place of its own. */
function build(...settings: string[]): { pause: string; podctlNs: string } {
  const at = folder();
  fs.cpSync(path.join(root, 'native'), path.join(at, 'some/native'), { recursive: true });
  execFileSync('make', [
    '-s',
    '-C',
    path.join(at, 'some/native'),
    `OUT=${at}`,
    `VERSION=${version}`,
    ...settings,
  ]);
  return { pause: path.join(at, 'pause'), podctlNs: path.join(at, 'podctl-ns') };
}

const readelf = (option: string, file: string) =>
  execFileSync('readelf', ['-W', option, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

function expectStatic(file: string): void {
  expect(readelf('-l', file)).not.toMatch(/INTERP|DYNAMIC/);
  expect(readelf('-l', file)).toMatch(/GNU_STACK .* RW /);
  expect(readelf('-S', file)).not.toMatch(/\.symtab|\.debug/);
}

it('gives the same bytes wherever it is built', () => {
  const built = build();
  expect(fs.readFileSync(built.pause).equals(fs.readFileSync(pause))).toBe(true);
  expect(fs.readFileSync(built.podctlNs).equals(fs.readFileSync(podctlNs))).toBe(true);
});

it('makes static programs without symbols, that know their version', () => {
  for (const file of [pause, podctlNs]) expectStatic(file);
  expect(execFileSync(podctlNs, ['--version'], { encoding: 'utf8' })).toBe(`podctl-ns ${version}\n`);
});

it('builds for aarch64, too', async () => {
  const { compiler, missing } = await crossCompiler();
  process.stderr.write(`aarch64: ${compiler === null ? missing : compiler}\n`);
  if (compiler === null) {
    expect(missing).not.toBe('');
    return;
  }
  const built = build(`CC=${compiler}`);
  for (const file of [built.pause, built.podctlNs]) {
    expect(readelf('-h', file)).toMatch(/Machine:\s+AArch64/);
    expectStatic(file);
  }
  expect(fs.statSync(built.pause).size).toBeLessThanOrEqual(4096);
});
