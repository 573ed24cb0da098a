import { describe, expect, it } from 'vitest';
import pinLabel from '../../../checks/image/pin-label.ts';
import missing from '../../../checks/image/sandbox-image-missing.ts';
import wrongStore from '../../../checks/image/wrong-store.ts';
import type { Facts, StrayImage } from '../../../src/model/facts.ts';
import { filesystem } from '../../support/limits.ts';
import { emptyNode, judge, PAUSE } from '../../support/node.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;
const IN_DEFAULT: StrayImage = {
  store: 'namespace',
  place: 'default',
  name: PAUSE,
  digest: DIGEST,
  labels: {},
};

function unpinned(labels: Record<string, string>, elsewhere: StrayImage[] = []): Facts {
  const node = emptyNode();
  node.images = node.images.map((image) => ({ ...image, pinned: false }));
  node.imageStore = { images: [{ name: PAUSE, digest: DIGEST, labels }], elsewhere };
  return node;
}

describe('image/wrong-store', () => {
  const elsewhere = (stray: StrayImage, images: Facts['images'] = []): Facts => ({
    ...emptyNode(),
    images,
    imageStore: { images: [], elsewhere: [stray] },
  });

  it('names the namespace, and the way from there', async () => {
    const { findings } = await judge(wrongStore, elsewhere(IN_DEFAULT));
    expect(findings).toMatchObject([
      { messageId: 'namespace', severity: 'warning', data: { reference: PAUSE, place: 'default' } },
    ]);
    expect(findings[0]?.remedies[0]?.commands).toEqual([
      `ctr -n default images export pause.tar ${PAUSE}`,
      'ctr -n k8s.io images import pause.tar',
    ]);
  });

  it.each([
    ['docker', 'Docker', `docker save -o pause.tar ${PAUSE}`],
    ['podman', 'podman', `podman save --format oci-archive -o pause.tar ${PAUSE}`],
  ] as const)('knows the store of %s', async (store, name, command) => {
    const { findings } = await judge(
      wrongStore,
      elsewhere({ ...IN_DEFAULT, store, place: '/var/lib/x.json' }),
    );
    expect(findings[0]?.message).toContain(`in the store of ${name}`);
    expect(findings[0]?.remedies[0]?.commands[0]).toBe(command);
  });

  it('finds it under a short name', async () => {
    const node = elsewhere({ ...IN_DEFAULT, store: 'docker', name: 'pause:3.9' });
    node.runtime.sandboxImage = 'docker.io/library/pause:3.9';
    expect((await judge(wrongStore, node)).verdict).toBe('found');
  });

  it.each<[string, Facts]>([
    ['an image that the runtime has too', elsewhere(IN_DEFAULT, emptyNode().images)],
    ['another pause', elsewhere({ ...IN_DEFAULT, name: 'localhost/podman-pause:4.3.1' })],
    ['a healthy node', emptyNode()],
  ])('%s is no finding', async (_, node) => {
    expect(await judge(wrongStore, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });
});

describe('image/pin-label', () => {
  it.each([
    ['io.cri.containerd.pinned', 'pinned'],
    ['io.cri-containerd.pin', 'pinned'],
    ['io.cri-containerd/pinned', 'true'],
    ['io.cri-containerd.pinned', 'true'],
  ])('%s=%s pins nothing', async (key, value) => {
    const { findings } = await judge(
      pinLabel,
      unpinned({ 'io.cri-containerd.image': 'managed', [key]: value }),
    );
    expect(findings).toMatchObject([
      { messageId: 'nearMiss', data: { label: `${key}=${value}`, reference: PAUSE } },
    ]);
    expect(findings[0]?.remedies[0]?.commands[0]).toBe(
      `ctr -n k8s.io images label ${PAUSE} io.cri-containerd.pinned=pinned`,
    );
  });

  it('knows a pin in the wrong namespace', async () => {
    const stray = { ...IN_DEFAULT, labels: { 'io.cri-containerd.pinned': 'pinned' } };
    expect((await judge(pinLabel, unpinned({}, [stray]))).findings).toMatchObject([
      { messageId: 'wrongNamespace', data: { namespace: 'default' } },
    ]);
  });

  const old = unpinned({ 'io.cri.containerd.pinned': 'pinned' });
  old.runtime.version = '1.6.20';
  const pinned = { ...unpinned({ 'io.cri.containerd.pinned': 'pinned' }), images: emptyNode().images };
  it.each<[string, Facts]>([
    [
      'the right label',
      unpinned({ 'io.cri-containerd.pinned': 'pinned', 'io.cri.containerd.pinned': 'pinned' }),
    ],
    ['other labels', unpinned({ 'io.cri-containerd.image': 'managed', 'example.org/spinning': 'yes' })],
    ['an image that is pinned by another of its names', pinned],
    ['a containerd that cannot pin', old],
    [
      'another image in the other namespace',
      unpinned({}, [
        { ...IN_DEFAULT, name: 'other/pause:1', labels: { 'io.cri-containerd.pinned': 'pinned' } },
      ]),
    ],
  ])('%s is no finding', async (_, node) => {
    expect(await judge(pinLabel, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });
});

it('a missing image on a full file system is told with what may have taken it', async () => {
  const node = emptyNode();
  node.images = [];
  const path = '/var/lib/containerd';
  node.limits.filesystems = [{ ...filesystem(path, 'images', '/'), usedPercent: 91 }];
  const { findings } = await judge(missing, node);
  expect(findings[0]?.evidence.at(-1)).toMatchObject({ fact: 'limits', at: path });
  expect(findings[0]?.evidence.at(-1)?.value).toMatch(/^91 % used/);
});
