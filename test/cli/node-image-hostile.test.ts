import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { isUnsafe } from '../../src/report/escape.ts';
import { type Ran, reportOf, runPodctl } from '../support/cli.ts';
import { CONFIG, CONFLIST, nodeImage, UNIT } from '../support/node-image.ts';
import { listenAt, plant, temporaryFolder } from '../support/node-tree.ts';

const SECRET = 'secret-of-the-machine-that-looks';
let root: string;
let outside: string;

beforeEach(() => {
  root = temporaryFolder();
  outside = temporaryFolder();
  // Each is sound where it stands, so that whoever follows a link out shows it.
  plant(outside, {
    'etc/containerd/config.toml': `version = 3\nroot = "/${SECRET}"\n`,
    'etc/os-release': `PRETTY_NAME="${SECRET}"\n`,
    'etc/hostname': `${SECRET}\n`,
    'proc/1/stat': '1 (x) S',
    'proc/sys/kernel/hostname': SECRET,
  });
});

function link(file: string, target: string): void {
  const at = path.join(root, file);
  fs.mkdirSync(path.dirname(at), { recursive: true });
  fs.rmSync(at, { recursive: true, force: true });
  fs.symlinkSync(target, at);
}

const sound = (ran: Ran) => {
  expect([0, 1, 3]).toContain(ran.code);
  expect(ran.stdout + ran.stderr).not.toContain(SECRET);
};

test.each<[string, () => void]>([
  ['its folder of configuration', () => link('etc', `${'../'.repeat(30)}${outside}/etc`)],
  ['its folder of configuration, by an absolute path', () => link('etc', `${outside}/etc`)],
  ['a file', () => link(CONFIG, `${outside}/etc/containerd/config.toml`)],
  [
    'a file with many steps up',
    () => link(CONFIG, `${'../'.repeat(40)}${outside}/etc/containerd/config.toml`),
  ],
  ['the name of its system', () => link('etc/os-release', `${outside}/etc/os-release`)],
  ['its name', () => link('etc/hostname', `${'../'.repeat(40)}${outside}/etc/hostname`)],
  ['what would be its processes', () => link('proc', `${outside}/proc`)],
  ['the processes of this machine', () => link('proc', '/proc')],
  ['a ring', () => [link('a', 'b'), link('b', 'a'), link(CONFIG, '/a/x')]],
])('a link that leads out to %s stays inside', async (_, harm) => {
  await nodeImage(root, '1.7');
  harm();
  const ran = await reportOf(['--root', root]);
  sound(ran);
  expect(ran.report.facts.find(({ name }) => name === 'host')).toMatchObject({ status: 'absent' });
});

test('a folder that leads to itself is no folder of configuration', async () => {
  await nodeImage(root, '1.7');
  link('etc', 'etc');
  const ran = await runPodctl(['doctor', '--root', root]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('error: cannot read /etc/');
});

test('a link of the image to a file of its own is followed', async () => {
  await nodeImage(root, '1.7');
  fs.renameSync(path.join(root, CONFIG), path.join(root, 'etc/config.toml'));
  link(CONFIG, '/etc/config.toml');
  const { code, report } = await reportOf(['--root', root]);
  expect(code).toBe(0);
  expect(report.facts.find(({ name }) => name === 'runtimeConfig')).toMatchObject({ status: 'complete' });
});

const inPlaceOf = (file: string, make: (at: string) => void) => () => {
  const at = path.join(root, file);
  fs.rmSync(at, { recursive: true, force: true });
  make(at);
};
const fifo = (at: string) => execFileSync('mkfifo', [at]);
const folder = (at: string) => fs.mkdirSync(at);
const huge = (at: string) => {
  fs.writeFileSync(at, '');
  fs.truncateSync(at, 2 ** 40);
};

test.each<[string, () => void]>([
  ['a FIFO for its configuration', inPlaceOf(CONFIG, fifo)],
  ['a FIFO for its network', inPlaceOf(CONFLIST, fifo)],
  ['a FIFO for its runtime', inPlaceOf('usr/bin/containerd', fifo)],
  ['a FIFO for its packages', inPlaceOf('var/lib/dpkg/status', fifo)],
  ['a folder for its configuration', inPlaceOf(CONFIG, folder)],
  ['a folder for its kubelet', inPlaceOf('usr/bin/kubelet', folder)],
  ['a terabyte for its configuration', inPlaceOf(CONFIG, huge)],
  ['a terabyte for its runtime', inPlaceOf('usr/bin/containerd', huge)],
  ['a terabyte for its unit', inPlaceOf(UNIT, huge)],
  ['a terabyte for its name', inPlaceOf('etc/hostname', huge)],
  ['an empty runtime', inPlaceOf('usr/bin/containerd', (at) => fs.writeFileSync(at, ''))],
  [
    'a document that would grow without end',
    () => {
      const grown = 'bcdefghi'.replace(/./g, (c, n) => `${c}: &${c} [${`*${'abcdefgh'[n]},`.repeat(9)}]\n`);
      plant(root, { 'var/lib/kubelet/config.yaml': `a: &a [x]\n${grown}` });
    },
  ],
])('an image with %s is told about, in time', async (_, harm) => {
  await nodeImage(root, '1.7');
  harm();
  sound(await runPodctl(['doctor', '--root', root, '-v']));
});

test('nobody knocks at a socket in an image', async () => {
  await nodeImage(root, '1.7');
  let knocks = 0;
  for (const socket of ['run/containerd/containerd.sock', 'etc/crictl.yaml'])
    await listenAt(path.join(root, socket), () => {
      knocks += 1;
    });
  const ran = await reportOf(['--root', root]);
  expect(ran.code).toBe(0);
  expect(knocks).toBe(0);
});

test('names of an image move no terminal', async () => {
  await nodeImage(root, '1.7');
  const name = '\x1b[2J\x1b]0;owned\x07\u202e|\n';
  plant(root, { 'etc/hostname': name, 'etc/os-release': `PRETTY_NAME="${name}` });
  for (const format of ['table', 'json', 'nagios', 'npd', 'prometheus']) {
    const { code, stdout } = await runPodctl(['doctor', '--root', root, '-o', format]);
    expect(code).toBe(0);
    expect(isUnsafe(stdout.replaceAll('\n', ''))).toBe(false);
  }
});
