import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { versionOnDisk } from '../../../src/collect/on-disk/program-version.ts';
import { createReadHost } from '../../../src/host/read-host.ts';
import { tree } from '../../rig/packages.ts';
import { type Built, plantProgram } from '../../support/go-program.ts';
import { plant, temporaryFolder } from '../../support/node-tree.ts';

const KUBELET = 'path\tk8s.io/kubernetes/cmd/kubelet';
const CONTAINERD = 'path\tgithub.com/containerd/containerd/v2/cmd/containerd';
const FILE = '/usr/bin/containerd';
const STATUS = 'Package: containerd\nStatus: install ok installed\nVersion: 2.1.9+ds1-5+b1\n\n';
let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

const version = (name: 'containerd' | 'kubelet' | 'crio', file: string) =>
  versionOnDisk(createReadHost(root), name, file);

test.each([
  ['1.6', 'bookworm', '1.6.20~ds1'],
  ['1.7', 'trixie', '1.7.24~ds1'],
])("Debian's containerd %s tells its release by itself", async (line, suite, release) => {
  root = await tree({ name: `containerd-${line}`, suite, packages: ['containerd'] });
  expect(version('containerd', FILE)).toBe(release);
  expect(version('kubelet', FILE)).toBeNull();
});

test.each<[string, 'containerd' | 'kubelet' | 'crio', Built, string | null]>([
  [
    'its linker was told',
    'kubelet',
    { info: [KUBELET, `build\t-ldflags="-s -X 'k8s.io/component-base/version.gitVersion=v1.31.4'"`] },
    '1.31.4',
  ],
  ['its linker put in', 'kubelet', { info: [KUBELET], linked: ['v1.35.1', 'v1.35.1'] }, '1.35.1'],
  ['its module has', 'containerd', { info: [CONTAINERD, 'mod\tx\tv2.2.1\th1:y='] }, '2.2.1'],
  [
    'of no release of its module',
    'containerd',
    { info: [CONTAINERD, 'mod\tx\tv0.0.0-20240101'], linked: ['2.0.1'] },
    '2.0.1',
  ],
  ['of two that it holds', 'kubelet', { info: [KUBELET], linked: ['v1.35.1', 'v1.2.0'] }, null],
  ['nobody put in', 'kubelet', { info: [KUBELET, 'mod\tx\t(devel)\t'] }, null],
  ['of another program', 'crio', { info: [CONTAINERD], linked: ['2.0.1'] }, null],
])('the release that %s', (_, name, built, release) => {
  plantProgram(path.join(root, 'usr/bin', name), built);
  expect(version(name, `/usr/bin/${name}`)).toBe(release);
});

test('else the package tells that the file came with', () => {
  plantProgram(path.join(root, FILE), { info: [CONTAINERD] });
  plant(root, { 'var/lib/dpkg/status': STATUS, 'var/lib/dpkg/info/containerd.list': `/.\n${FILE}\n` });
  expect(version('containerd', FILE)).toBe('2.1.9+ds1');
  plant(root, { 'var/lib/dpkg/info/containerd.list': '/.\n/bin/containerd\n' });
  expect(version('containerd', FILE)).toBe('2.1.9+ds1');
});

test.each([
  ['is of no package', STATUS, '/usr/bin/ctr\n'],
  ['was removed', STATUS.replace('install ok installed', 'deinstall ok config-files'), `${FILE}\n`],
  ['has a version that is none', STATUS.replace(/2\.1\S+/, '$(reboot)'), `${FILE}\n`],
])('a file that %s', (_, status, list) => {
  plantProgram(path.join(root, FILE), { info: [CONTAINERD] });
  plant(root, { 'var/lib/dpkg/status': status, 'var/lib/dpkg/info/containerd.list': list });
  expect(version('containerd', FILE)).toBeNull();
});

test.each([
  ['empty', Buffer.alloc(0)],
  ['a script', Buffer.from('#!/bin/sh\necho containerd v2.0.0\n')],
  ['cut short', Buffer.from('\x7fELF\x02\x01', 'latin1')],
  ['of sections beyond its end', Buffer.from(`\x7fELF\x02\x01${'\xff'.repeat(90)}`, 'latin1')],
])('a program that is %s tells nothing', (_, bytes) => {
  plant(root, { 'usr/bin/x': '' });
  fs.writeFileSync(path.join(root, FILE), bytes);
  expect(version('containerd', FILE)).toBeNull();
});
