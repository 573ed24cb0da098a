import { expect, test } from 'vitest';
import malformed from '../../../checks/config/malformed-image-name.ts';
import drift from '../../../checks/config/sandbox-image-drift.ts';
import unreadable from '../../../checks/config/unreadable.ts';
import type { Facts, IgnoredKey } from '../../../src/model/facts.ts';
import { IMAGE_PATHS } from '../../../src/model/sandbox-image-keys.ts';
import { addPod, healthyNode, NOW, PAUSE, unread } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

const MAIN = '/etc/containerd/config.toml';
const DROP_IN = '/etc/containerd/conf.d/10-gpu.toml';
const OLD_KEY = 'plugins."io.containerd.grpc.v1.cri".sandbox_image';
const WANTED = 'mirror/pause:3.10';

const PRESENT = { id: 'sha256:3', tags: [], digests: [], size: 1, pinned: true };

const lost = (more: Partial<IgnoredKey>): IgnoredKey => ({
  file: MAIN,
  line: 3,
  key: OLD_KEY,
  value: WANTED,
  reason: 'wrong-version',
  by: null,
  insteadKey: 'x',
  ...more,
});

/** The main file of version 3 names the image by version 2's key, and the default is used. */
function misplaced(): Facts {
  const node = healthyNode();
  node.runtimeConfig.sandboxImage = { value: PAUSE, file: null, line: null, origin: 'default' };
  node.runtimeConfig.ignored = [lost({})];
  node.images.push({
    id: 'sha256:2',
    tags: ['docker.io/mirror/pause:3.10'],
    digests: [],
    size: 1,
    pinned: true,
  });
  return node;
}

function overridden(): Facts {
  const node = misplaced();
  const stated = { value: WANTED, file: MAIN, line: 3, origin: 'file' as const };
  node.runtimeConfig.files.push({ path: DROP_IN, version: 3, mtime: 0, sha256: 'cd', error: null });
  node.runtimeConfig.statedSandboxImage = stated;
  node.runtimeConfig.sandboxImage = { value: 'other/pause:1', file: DROP_IN, line: 2, origin: 'file' };
  node.runtimeConfig.ignored = [lost({ reason: 'overridden', by: DROP_IN })];
  return node;
}

test('a misplaced key moves, in that file, and containerd is asked what it makes of it', async () => {
  const made = plan(await planOn(unreadable, misplaced()));
  expect(made.risk).toBe('disruptive');
  expect(made.steps).toMatchObject([
    {
      action: {
        kind: 'write-config',
        path: MAIN,
        sha256: 'ab',
        edits: [
          { key: IMAGE_PATHS.v1, value: null },
          { key: IMAGE_PATHS.v2, value: null },
          { key: IMAGE_PATHS.v3, value: WANTED },
        ],
        backupFolder: '/etc/containerd',
        check: { daemon: { pid: 100 }, file: MAIN, sandboxImage: WANTED },
      },
      guards: [{ kind: 'content-is', path: MAIN, sha256: 'ab' }],
    },
  ]);
  expect(made.notes).toEqual([expect.stringContaining('next start')]);
});

test('a key that says what another place says already is only taken out', async () => {
  const node = misplaced();
  node.runtimeConfig.sandboxImage = { value: WANTED, file: MAIN, line: 9, origin: 'file' };
  const [step] = plan(await planOn(unreadable, node)).steps;
  expect(step?.action.kind === 'write-config' && step.action.edits.map(({ value }) => value)).toEqual([
    null,
    null,
  ]);
});

test('of two images that files name the operator chooses', async () => {
  const node = misplaced();
  node.runtimeConfig.sandboxImage = { value: PAUSE, file: MAIN, line: 9, origin: 'file' };
  expect(refusal(await planOn(unreadable, node)).reason).toContain(`${MAIN}:9 names ${PAUSE}`);
});

test('an image that is not here is pulled before it is configured', async () => {
  const node = misplaced();
  node.images.pop();
  const made = plan(await planOn(unreadable, node));
  expect(kinds(made)).toEqual(['pull-image', 'write-config', 'pin-image']);
  expect(made.steps[0]?.onFailure).toBe('stop');
});

test('what the main file says is said in the file that wins; the copy is not where files are imported', async () => {
  const [step] = plan(await planOn(drift, overridden())).steps;
  expect(step?.action).toMatchObject({ path: DROP_IN, sha256: 'cd', backupFolder: '/etc/containerd' });
});

test('files that others write, and broken ones, are left alone', async () => {
  const node = misplaced();
  const file = '/var/lib/rancher/k3s/agent/etc/containerd/config.toml';
  node.runtimeConfig.files = [{ path: file, version: 3, mtime: 0, sha256: 'ab', error: null }];
  node.runtimeConfig.ignored = [lost({ file })];
  expect(refusal(await planOn(unreadable, node)).reason).toContain('written anew');
  const broken = healthyNode();
  const error = { message: 'no TOML', line: 1, column: 1 };
  broken.runtimeConfig.files = [{ path: MAIN, version: 0, mtime: 0, sha256: 'ab', error }];
  expect(refusal(await planOn(unreadable, broken)).surer).toContain('by hand');
});

test.each(['1.6.20', '1.7.24'])('containerd %s reads the place of version 2', async (version) => {
  const node = overridden();
  node.runtime.version = version;
  for (const file of node.runtimeConfig.files) file.version = 2;
  const [step] = plan(await planOn(drift, node)).steps;
  expect(step?.action.kind === 'write-config' && step.action.edits.at(-1)?.key).toEqual(IMAGE_PATHS.v2);
});

test('what speaks against a restart is said', async () => {
  const node = overridden();
  node.runtime.version = '1.6.10';
  const { sandbox, shim } = addPod(node, 7, 'hung');
  shim.state = 'T';
  const twin = node.store.records.find(({ id }) => id === sandbox.id);
  if (!twin) throw new Error('no record');
  node.store.records.push({ ...twin, id: 'f'.repeat(64) });
  const { notes } = plan(await planOn(drift, node));
  expect(notes.slice(1)).toEqual([
    expect.stringContaining('have one name'),
    expect.stringContaining('hangs (state T)'),
    expect.stringContaining('forgets the address'),
  ]);
  const blind = await planOn(drift, node, {}, { store: unread('timeout', 'no answer') });
  expect(plan(blind).notes.at(-1)).toContain('was not looked at');
});

test.each(['old/pause:1', 'old/pause:3.10'])(
  'that %s gives way at the next start is no matter of files',
  async (image) => {
    const node = healthyNode();
    node.runtime.sandboxImage = image;
    node.runtimeConfig.files = node.runtimeConfig.files.map((file) => ({ ...file, mtime: NOW }));
    expect(refusal(await planOn(drift, node)).reason).toContain('restart');
  },
);

test('the pause that kubeadm wants is named, and pulled where it is not here under any name, as the one in use is not', async () => {
  const node = healthyNode();
  const image = 'mirror/pause:3.6';
  node.runtimeConfig.sandboxImage = { value: image, file: MAIN, line: 6, origin: 'file' };
  expect(
    refusal(await planOn(drift, { ...node, images: [{ ...PRESENT, tags: [`docker.io/${image}`] }] })).name,
  ).toBe('not-possible');
  node.images = [];
  const made = plan(await planOn(drift, node));
  expect(kinds(made)).toEqual(['pull-image', 'write-config', 'pin-image']);
  expect(made.steps[0]?.action).toMatchObject({ image: 'mirror/pause:3.10' });
  node.images = [{ ...PRESENT, tags: ['other/pause:3.10'] }];
  expect(plan(await planOn(drift, node)).steps).toMatchObject([
    { action: { kind: 'write-config', check: { sandboxImage: 'other/pause:3.10' } } },
  ]);
});

test('quotes and line ends are taken off a name, and nothing is guessed', async () => {
  const named = (value: string) => {
    const node = healthyNode();
    node.runtimeConfig.sandboxImage = { value, file: DROP_IN, line: 2, origin: 'file' };
    node.runtimeConfig.files.push({ path: DROP_IN, version: 3, mtime: 0, sha256: 'cd', error: null });
    return planOn(malformed, node);
  };
  const made = plan(await named(`'${PAUSE}"\r`));
  expect([made.risk, kinds(made)]).toEqual(['disruptive', ['write-config']]);
  expect(made.steps[0]?.action).toMatchObject({ path: DROP_IN, check: { sandboxImage: PAUSE } });
  expect(refusal(await named('')).reason).toContain('is not known');
  expect(refusal(await named('registry.k8s.io/Pause:3.9')).surer).toBe('correct it by hand');
});
