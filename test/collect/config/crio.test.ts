import { expect, test } from 'vitest';
import { crio } from './trees.ts';

const MAIN = '/etc/crio/crio.conf';
const FOLDER = '/etc/crio/crio.conf.d';
const pause = (image: string) => `[crio.image]\npause_image = "${image}"\n`;

test('without files: defaults of the version', async () => {
  const seen = await crio('1.37.0', { [MAIN]: '' });
  expect(seen).toMatchObject({
    sandboxImage: { value: 'registry.k8s.io/pause:3.10.1', file: null, line: null, origin: 'default' },
    rootDir: '/var/lib/containers/storage',
    stateDir: '/run/containers/storage',
    address: '/var/run/crio/crio.sock',
    netnsDir: '/run/netns',
    dropsInfra: true,
  });
});

test('a main file that was asked for and is not there', async () => {
  const seen = await crio('1.37.0', { [`${FOLDER}/1`]: pause('a:1') });
  expect(seen.files.map((f) => f.error?.message)).toEqual([`cannot read ${MAIN}: no such file`, undefined]);
  expect(seen.sandboxImage).toBeNull();
});

test('every file of the folder counts, whatever its name, folders at their place; the last wins', async () => {
  const seen = await crio('1.37.0', {
    [MAIN]: pause('a:1'),
    [`${FOLDER}/10-x`]: pause('b:1'),
    [`${FOLDER}/20/z.conf`]: pause('c:1'),
    [`${FOLDER}/30.bak`]: pause('d:1'),
  });
  expect(seen.files.map((f) => f.path)).toEqual([
    MAIN,
    `${FOLDER}/10-x`,
    `${FOLDER}/20/z.conf`,
    `${FOLDER}/30.bak`,
  ]);
  expect(seen.sandboxImage).toEqual({ value: 'd:1', file: `${FOLDER}/30.bak`, line: 2, origin: 'file' });
  expect(seen.statedSandboxImage).toEqual({ value: 'a:1', file: MAIN, line: 2, origin: 'file' });
  expect(seen.ignored.map((k) => `${k.file}:${k.line} ${k.value} ${k.reason} ${k.by}`)).toEqual([
    `${MAIN}:2 a:1 overridden ${FOLDER}/30.bak`,
    `${FOLDER}/10-x:2 b:1 overridden ${FOLDER}/30.bak`,
    `${FOLDER}/20/z.conf:2 c:1 overridden ${FOLDER}/30.bak`,
  ]);
});

test('folders, socket and infra from the files, and flags over them', async () => {
  const files = {
    [MAIN]:
      '[crio]\nroot = "/r"\nrunroot = "/s"\n[crio.api]\nlisten = "/l.sock"\n' +
      '[crio.runtime]\nnamespaces_dir = "/var/run/ns/"\ndrop_infra_ctr = false\n',
    [`${FOLDER}/1`]: '[crio]\nrunroot = ""\n',
  };
  expect(await crio('1.37.0', files)).toMatchObject({
    rootDir: '/r',
    stateDir: '/s',
    address: '/l.sock',
    netnsDir: '/run/ns/netns',
    dropsInfra: false,
  });
  expect(await crio('1.37.0', files, { root: '/flag', listen: '/flag.sock' })).toMatchObject({
    rootDir: '/flag',
    stateDir: '/s',
    address: '/flag.sock',
  });
});

test("the root comes from storage.conf when CRI-O's own files do not say", async () => {
  const seen = await crio('1.37.0', {
    [MAIN]: '',
    '/etc/containers/storage.conf': '[storage]\ndriver = "overlay"\ngraphroot = "/data/storage"\n',
    '/usr/share/containers/storage.conf': '[storage]\nrunroot = "/never"\n',
  });
  expect(seen).toMatchObject({ rootDir: '/data/storage', stateDir: '/run/containers/storage' });
});

test('an early version kept the pause container', async () => {
  expect((await crio('1.21.0', { [MAIN]: '' })).dropsInfra).toBe(false);
});

test.each([
  ['[crio.image]\npause_image = 3\n', 2, 'crio.image.pause_image must be a string'],
  ['[crio.runtime]\n\ndrop_infra_ctr = "no"\n', 3, 'crio.runtime.drop_infra_ctr must be true or false'],
])('a value of the wrong kind: %s', async (text, line, message) => {
  const seen = await crio('1.37.0', { [MAIN]: '', [`${FOLDER}/1`]: text });
  expect(seen.files[1]?.error).toEqual({ message, line, column: null });
  expect(seen.sandboxImage).toBeNull();
});
