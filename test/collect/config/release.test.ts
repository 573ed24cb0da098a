import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { askVersion, parseRelease } from '../../../src/collect/config/release.ts';
import { containerdRules, defaultImage } from '../../../src/collect/config/release-data.ts';
import { createReadHost } from '../../../src/host/read-host.ts';
import { PAUSE_VERSIONS } from '../../../src/model/pause-version-data.ts';
import { temporaryFolder } from '../../support/node-tree.ts';

test.each([
  ['1.5.0', 'k8s.gcr.io/pause:3.5'],
  ['1.5.18', 'registry.k8s.io/pause:3.5'],
  ['v1.6.8', 'k8s.gcr.io/pause:3.6'],
  ['1.6.20~ds1', 'registry.k8s.io/pause:3.6'],
  ['v1.7.24-k3s1', 'registry.k8s.io/pause:3.8'],
  ['2.0.0', 'registry.k8s.io/pause:3.10'],
  ['2.1.9+unknown', 'registry.k8s.io/pause:3.10'],
  ['2.2.1', 'registry.k8s.io/pause:3.10.1'],
  ['v2.3.4', 'registry.k8s.io/pause:3.10.2'],
  ['2.4.0-beta.0', 'registry.k8s.io/pause:3.10.2'],
  ['2.99.0', null],
  ['3.0.0', null],
  ['0.2.9', null],
  ['unknown', null],
])('containerd %s uses %s', (version, image) => {
  expect(defaultImage(PAUSE_VERSIONS.defaults.containerd, parseRelease(version))).toBe(image);
});

test.each([
  ['1.20.5', 'k8s.gcr.io/pause:3.2'],
  ['1.27.0', 'registry.k8s.io/pause:3.6'],
  ['1.30.2', 'registry.k8s.io/pause:3.9'],
  ['1.37.0', 'registry.k8s.io/pause:3.10.1'],
  ['1.60.0', null],
])('CRI-O %s uses %s', (version, image) => {
  expect(defaultImage(PAUSE_VERSIONS.defaults.crio, parseRelease(version))).toBe(image);
});

test.each([
  ['1.6.20', 'replace', Number.POSITIVE_INFINITY, false, false],
  ['1.6.39', 'replace', 2, true, false],
  ['1.7.16', 'replace', Number.POSITIVE_INFINITY, true, false],
  ['1.7.24', 'replace', 2, true, false],
  ['2.2.7', 'merge', 3, true, false],
  ['2.3.4', 'migrate', 4, true, true],
  ['2.3.5', 'migrate', 4, true, false],
  ['2.4.0-beta.0', 'migrate', 4, true, true],
  ['2.4.0', 'migrate', 4, true, false],
])('containerd %s reads its files by %s', (version, style, highestVersion, relativeGlobs, refuses) => {
  const release = parseRelease(version);
  expect(release && containerdRules(release)).toEqual({
    style,
    highestVersion,
    relativeGlobs,
    refusesHigherImports: refuses,
  });
});

function program(mode: number, says: string): string {
  const file = path.join(temporaryFolder(), 'program');
  fs.writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && echo '${says}'\n`);
  fs.chmodSync(file, mode);
  return file;
}

function ask(runtime: 'containerd' | 'crio', ...programs: string[]) {
  return askVersion(createReadHost(), runtime, programs, new AbortController().signal);
}

/** Programs that others than root own are not run. */
const isRoot = process.getuid?.() === 0;
const CONTAINERD_SAYS = 'containerd github.com/containerd/containerd 1.7.24~ds1 1.7.24~ds1-6+deb13u1';

test.each([
  ['containerd', CONTAINERD_SAYS, '1.7.24~ds1'],
  ['containerd', 'containerd github.com/containerd/containerd/v2 2.1.9+unknown', '2.1.9+unknown'],
  ['containerd', 'containerd containerd.io 1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da', '1.7.27'],
  ['crio', 'crio version 1.37.0', '1.37.0'],
] as const)('%s that says "%s"', async (runtime, says, version) => {
  expect(await ask(runtime, program(0o755, says))).toBe(isRoot ? version : null);
});

test('the next program is asked when the first is not there', async () => {
  expect(await ask('containerd', '/nowhere/containerd', program(0o755, CONTAINERD_SAYS))).toBe(
    isRoot ? '1.7.24~ds1' : null,
  );
});

test('one that others may write is not run, and another program is not believed', async () => {
  expect(await ask('containerd', program(0o777, CONTAINERD_SAYS))).toBeNull();
  expect(await ask('containerd', program(0o755, 'k3s version v1.36.1+k3s1'))).toBeNull();
});
