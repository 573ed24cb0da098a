import { describe, expect, it, test } from 'vitest';
import { parsePauseVersions } from '../../src/collect/pause-version-file.ts';
import { canPin } from '../../src/derive/pinning.ts';
import { PAUSE_VERSIONS } from '../../src/model/pause-version-data.ts';
import { kubeadmPause, pauseDigest } from '../../src/model/pause-versions.ts';

const HEAD = 'schema: podctl.pause-versions/v1\n';
const FILE = '/etc/podctl/pause-versions.yaml';
const DIGEST = `sha256:${'4'.repeat(64)}`;

async function fact(text: string) {
  const parsed = await parsePauseVersions(text, FILE);
  if ('fault' in parsed) throw new Error(JSON.stringify(parsed.fault));
  return parsed.value;
}

async function fault(text: string): Promise<string> {
  const parsed = await parsePauseVersions(text, FILE);
  if ('value' in parsed) throw new Error('it is taken');
  return `${parsed.fault.line}: ${parsed.fault.message}`;
}

describe('a file laid over what podctl knows', () => {
  it('that says nothing changes only the source', async () => {
    expect(await fact(HEAD)).toEqual({ ...PAUSE_VERSIONS, source: FILE });
  });

  it('adds and replaces rows; the value is what is written, not a number', async () => {
    const versions = await fact(`${HEAD}asOf: 2027-02-01
kubeadm:
  1.37: 3.20
  "1.30": 3.9.1
defaults:
  containerd: { 2.5.0: registry.k8s.io/pause:3.20 }
  crio:
    1.38.0: registry.k8s.io/pause:3.20
pinning:
  containerd: [1.6.22, 1.7.14]
digests:
  3.20: ${DIGEST}
`);
    expect(versions.asOf).toBe('2027-02-01');
    expect(kubeadmPause('1.37.2', versions)).toBe('3.20');
    expect(kubeadmPause('1.30.0', versions)).toBe('3.9.1');
    expect(kubeadmPause('1.31.0', versions)).toBe('3.10');
    expect(versions.defaults.containerd['2.5.0']).toBe('registry.k8s.io/pause:3.20');
    expect(versions.defaults.crio['1.38.0']).toBe('registry.k8s.io/pause:3.20');
    expect(versions.defaults.containerd['2.0.0']).toBe('registry.k8s.io/pause:3.10');
    expect([canPin('containerd', '1.7.10'), canPin('containerd', '1.7.10', versions)]).toEqual([true, false]);
    expect(pauseDigest('registry.k8s.io/pause:3.20', versions)).toBe(DIGEST);
  });

  it('may be JSON', async () => {
    const json = JSON.stringify({ schema: 'podctl.pause-versions/v1', kubeadm: { 1.37: '3.11' } });
    expect(kubeadmPause('1.37.0', await fact(json))).toBe('3.11');
  });
});

describe('a file that cannot be used is named by its first fault and its line', () => {
  it.each([
    ['', 'null: the file is not a table of keys and values'],
    ['x', '1: the file is not a table of keys and values'],
    ['kubeadm: {}\n', '1: it has no line "schema: podctl.pause-versions/v1"'],
    ['schema: podctl.report/v1\n', '1: schema = "podctl.report/v1" is not podctl.pause-versions/v1'],
    [
      `${HEAD}kubeadmin:\n  1.37: 3.11\n`,
      '3: "kubeadmin" is no key of it: it has schema, asOf, kubeadm, defaults, pinning, digests',
    ],
    [
      `${HEAD}kubeadm:\n  1.36: 3.11\n  v1.37: 3.11\n`,
      '4: "kubeadm.v1.37" is not a minor of Kubernetes, such as 1.34',
    ],
    [`${HEAD}kubeadm:\n  1.36: 3.11\n  1.37: a b\n`, '4: kubeadm.1.37 = "a b" is not a tag, such as 3.10'],
    [`${HEAD}kubeadm:\n  1.37:\n    tag: 3.11\n`, '4: kubeadm.1.37 is not a text'],
    [`${HEAD}kubeadm: [1.37]\n`, '2: kubeadm is not a table of keys and values'],
    [
      `${HEAD}defaults:\n  containerd:\n    2.5.0: "x:1\\r"\n`,
      '4: defaults.containerd.2.5.0 = "x:1\\r" is no image: it has a carriage return in it',
    ],
    [`${HEAD}pinning:\n  containerd: 1.7.3\n`, '3: pinning.containerd is not a list'],
    [
      `${HEAD}pinning:\n  containerd: [1.7.3, 2]\n`,
      '3: pinning.containerd.1 = "2" is not a release, such as 2.3.0',
    ],
    [
      `${HEAD}digests:\n  3.11: sha256:1\n`,
      '3: digests.3.11 = "sha256:1" is not a digest: sha256: and 64 digits',
    ],
    [`${HEAD}asOf: yesterday\n`, '2: asOf = "yesterday" is not a day, such as 2026-11-23'],
    [
      `${HEAD}__proto__: {}\n`,
      '2: "__proto__" is no key of it: it has schema, asOf, kubeadm, defaults, pinning, digests',
    ],
  ])('%j', async (text, message) => {
    expect(await fault(text)).toBe(message);
  });

  it.each([
    ['no YAML', `${HEAD}kubeadm: [`, 2],
    ['a key twice', `${HEAD}asOf: 2026-01-01\nasOf: 2026-01-01\n`, 3],
    ['bytes', '\0\x01\xff', 1],
  ])('%s', async (_, text, line) => {
    expect(await fault(text)).toMatch(new RegExp(`^${line}: `));
  });

  it('an alias bomb', async () => {
    const levels = 'abcdefghij'.split('');
    const bomb = levels.map((name, i) => {
      const below = i === 0 ? 'x' : `*${levels[i - 1]}`;
      return `${name}: &${name} [${Array(9).fill(below).join(', ')}]`;
    });
    expect(await fault(`${HEAD}${bomb.join('\n')}\n`)).toBe(
      'null: it is nested too deeply, or its aliases lead nowhere',
    );
  });
});

it.each([
  ['open', '['.repeat(100_000)],
  ['closed', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
])('%s nesting without end is a fault, not a crash', async (_, text) => {
  expect(await fault(`${HEAD}kubeadm: ${text}\n`)).not.toBe('');
});

test('what podctl knows by itself has the form of such a file', async () => {
  const { source: _, ...known } = PAUSE_VERSIONS;
  const text = JSON.stringify({ schema: 'podctl.pause-versions/v1', ...known });
  expect(await fact(text)).toEqual({ ...PAUSE_VERSIONS, source: FILE });
});
