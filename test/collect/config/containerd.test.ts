import { describe, expect, test } from 'vitest';
import { containerd, MAIN, V1, V2, V3 } from './trees.ts';

const IMPORTS = 'imports = ["conf.d/*.toml"]\n';
const DROP_IN = '/etc/containerd/conf.d/10-gpu.toml';
const K1 = 'plugins.cri.sandbox_image';
const K2 = 'plugins."io.containerd.grpc.v1.cri".sandbox_image';
const K3 = 'plugins."io.containerd.cri.v1.images".pinned_images.sandbox';

const old = (image: string) => `${V2}sandbox_image = "${image}"\n`;
const current = (image: string) => `${V3}sandbox = "${image}"\n`;
const unrelated = `${V2}enable_selinux = false\n`;
const v2 = (rest: string) => `version = 2\n${rest}`;
const v3 = (rest: string) => `version = 3\n${rest}`;

interface Case {
  name: string;
  on: string;
  main: string;
  dropIn?: string;
  /** Value, and file with line where a file says so. */
  uses: string;
  at?: string;
  ignored?: string[];
}

const DEFAULT_16 = 'registry.k8s.io/pause:3.6';
const DEFAULT_21 = 'registry.k8s.io/pause:3.10';

const CASES: Case[] = [
  { name: 'nothing said', on: '2.1.9', main: 'version = 3\n', uses: DEFAULT_21 },
  { name: 'version 2', on: '1.6.20', main: v2(old('a:1')), uses: 'a:1', at: `${MAIN}:3` },
  { name: 'version 3', on: '2.1.9', main: v3(current('a:1')), uses: 'a:1', at: `${MAIN}:3` },
  { name: 'version 2 on 2.1', on: '2.1.9', main: v2(old('a:1')), uses: 'a:1', at: `${MAIN}:3` },
  { name: 'version 1', on: '1.7.24', main: `${V1}sandbox_image = "a:1"`, uses: 'a:1', at: `${MAIN}:2` },
  {
    name: 'old key under version 3',
    on: '2.1.9',
    main: v3(old('a:1')),
    uses: DEFAULT_21,
    ignored: [`${MAIN}:3 ${K2} wrong-version by null, ${K3}`],
  },
  {
    name: 'old key under version 3, which 2.3 still migrates',
    on: '2.3.5',
    main: v3(old('a:1')),
    uses: 'a:1',
    at: `${MAIN}:3`,
  },
  {
    name: 'old key under version 4',
    on: '2.3.5',
    main: `version = 4\n${old('a:1')}`,
    uses: 'registry.k8s.io/pause:3.10.2',
    ignored: [`${MAIN}:3 ${K2} wrong-version by null, ${K3}`],
  },
  {
    name: 'new table under version 2 on 1.x',
    on: '1.6.20',
    main: v2(current('a:1')),
    uses: DEFAULT_16,
    ignored: [`${MAIN}:3 ${K3} wrong-version by null, ${K2}`],
  },
  {
    name: 'new table under version 2 on 2.1',
    on: '2.1.9',
    main: v2(current('a:1')),
    uses: 'a:1',
    at: `${MAIN}:3`,
  },
  {
    name: 'no version line on 2.1',
    on: '2.1.9',
    main: old('a:1'),
    uses: DEFAULT_21,
    ignored: [`${MAIN}:2 ${K2} wrong-version by null, ${K3}`],
  },
  {
    name: 'no version line on 1.7',
    on: '1.7.24',
    main: old('a:1'),
    uses: 'registry.k8s.io/pause:3.8',
    ignored: [`${MAIN}:2 ${K2} wrong-version by null, ${K1}`],
  },
  {
    name: 'no version line on 2.3',
    on: '2.3.1',
    main: `${V1}sandbox_image = "a:1"\n`,
    uses: 'a:1',
    at: `${MAIN}:2`,
  },
  {
    name: 'old and new key in one file: the old one is migrated over the new one',
    on: '2.1.9',
    main: v2(old('a:1') + current('b:1')),
    uses: 'a:1',
    at: `${MAIN}:3`,
    ignored: [`${MAIN}:5 ${K3} overridden by ${MAIN}, null`],
  },
  {
    name: 'drop-in of version 3 beside a main file of version 2',
    on: '2.1.9',
    main: v2(IMPORTS + old('a:1')),
    dropIn: v3('oom_score = 1\n'),
    uses: DEFAULT_21,
    ignored: [`${MAIN}:4 ${K2} not-migrated by ${DROP_IN}, ${K3}`],
  },
  {
    name: 'the same on 2.3, where each file is migrated by itself',
    on: '2.3.5',
    main: v2(IMPORTS + old('a:1')),
    dropIn: v3('oom_score = 1\n'),
    uses: 'a:1',
    at: `${MAIN}:4`,
  },
  {
    name: 'drop-in of version 2 with another key of the table on 2.1',
    on: '2.1.9',
    main: v2(IMPORTS + old('a:1')),
    dropIn: v2(unrelated),
    uses: 'a:1',
    at: `${MAIN}:4`,
  },
  {
    name: 'the same on 1.6, where it replaces the table',
    on: '1.6.39',
    main: v2(IMPORTS + old('a:1')),
    dropIn: v2(unrelated),
    uses: DEFAULT_16,
    ignored: [`${MAIN}:4 ${K2} table-replaced by ${DROP_IN}, null`],
  },
  {
    name: 'drop-in with its own image',
    on: '1.7.24',
    main: v2(IMPORTS + old('a:1')),
    dropIn: v2(old('b:1')),
    uses: 'b:1',
    at: `${DROP_IN}:3`,
    ignored: [`${MAIN}:4 ${K2} overridden by ${DROP_IN}, null`],
  },
  {
    name: 'version 2 drop-in beats a version 3 main file',
    on: '2.1.9',
    main: v3(IMPORTS + current('a:1')),
    dropIn: v2(old('b:1')),
    uses: 'b:1',
    at: `${DROP_IN}:3`,
    ignored: [`${MAIN}:4 ${K3} overridden by ${DROP_IN}, null`],
  },
  {
    name: 'unrelated version 2 drop-in under a version 3 main file',
    on: '2.1.9',
    main: v3(IMPORTS + current('a:1')),
    dropIn: v2(unrelated),
    uses: 'a:1',
    at: `${MAIN}:4`,
  },
  {
    name: 'version 1 drop-in takes on the version of its main file',
    on: '2.1.9',
    main: v2(IMPORTS),
    dropIn: `${V1}sandbox_image = "b:1"\n`,
    uses: 'b:1',
    at: `${DROP_IN}:2`,
  },
  { name: 'an empty name on 2.x is none', on: '2.1.9', main: v3(current('')), uses: DEFAULT_21 },
];

test.each(CASES)('$name ($on)', async ({ on, main, dropIn, uses, at, ignored = [] }) => {
  const seen = await containerd(on, { [MAIN]: main, ...(dropIn && { [DROP_IN]: dropIn }) });
  expect(seen.errors).toEqual([]);
  expect(seen.sandboxImage).toMatchObject({ value: uses, origin: at ? 'file' : 'default' });
  expect(at ?? null).toBe(
    seen.sandboxImage?.file ? `${seen.sandboxImage.file}:${seen.sandboxImage.line}` : null,
  );
  expect(
    seen.ignored.map((k) => `${k.file}:${k.line} ${k.key} ${k.reason} by ${k.by}, ${k.insteadKey}`),
  ).toEqual(ignored);
});

describe('what the main file says', () => {
  test.each([
    ['2.1.9', v3(old('a:1')), 'a:1'],
    ['2.1.9', v3(old('a:1') + current('b:1')), 'b:1'],
    ['2.1.9', v2(old('a:1') + current('b:1')), 'a:1'],
    ['2.1.9', 'version = 3\n', undefined],
  ])('on %s: %s', async (on, main, value) => {
    expect((await containerd(on, { [MAIN]: main })).statedSandboxImage?.value).toBe(value);
  });
});

describe('a release that is not known', () => {
  test.each([
    ['what all releases take', v2(old('a:1')), 'a:1'],
    ['what only 2.x can read', v3(current('a:1')), 'a:1'],
    ['what they take differently', v3(old('a:1')), undefined],
    ['nothing said', v2(''), undefined],
  ])('%s', async (_, main, value) => {
    const seen = await containerd(null, { [MAIN]: main });
    expect(seen.sandboxImage?.value).toBe(value);
    expect(seen.defaultSandboxImage).toBeNull();
    expect(seen.errors).toEqual([]);
  });
});

test('other values: the last file that names one', async () => {
  const seen = await containerd('2.1.9', {
    [MAIN]: v3(
      'root = "/data/root"\nstate = "/data/state"\nimports = ["/other.toml"]\n[grpc]\naddress = "/data/a.sock"\n' +
        "[plugins.'io.containerd.cri.v1.runtime']\nnetns_mounts_under_state_dir = true\n",
    ),
    '/other.toml': v3('root = ""\n[grpc]\naddress = "/data/b.sock"\n'),
  });
  expect(seen).toMatchObject({
    rootDir: '/data/root',
    stateDir: '/data/state',
    address: '/data/b.sock',
    netnsDir: '/data/state/io.containerd.grpc.v1.cri/netns',
    dropsInfra: false,
  });
});

test('version 4 has the socket in a table of plugins', async () => {
  const main = `version = 4\n[grpc]\naddress = "/a.sock"\n[plugins.'io.containerd.server.v1.grpc']\naddress = "/b.sock"\n`;
  expect((await containerd('2.3.5', { [MAIN]: main })).address).toBe('/b.sock');
});

test('files are named with version, time and digest', async () => {
  const { files } = await containerd('1.7.24', { [MAIN]: '# nothing\n' });
  expect(files).toEqual([
    { path: MAIN, version: 1, mtime: expect.any(Number), sha256: expect.any(String), error: null },
  ]);
  expect(files[0]?.sha256).toHaveLength(64);
});
