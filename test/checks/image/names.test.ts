import { describe, expect, it } from 'vitest';
import frozen from '../../../checks/image/frozen-registry.ts';
import notCanonical from '../../../checks/image/name-not-canonical.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { emptyNode, judge, NOW, PAUSE, PAUSE_ID } from '../../support/node.ts';

/** A node that uses `reference` and has it stored as `stored`. */
function using(reference: string, stored: string | null, pinned: boolean): Facts {
  const node = emptyNode();
  node.runtimeConfig.sandboxImage = {
    value: reference,
    file: '/etc/containerd/config.toml',
    line: 6,
    origin: 'file',
  };
  const [tags, digests] = stored?.includes('@') ? [[], [stored]] : [[stored ?? ''], []];
  node.images = stored === null ? [] : [{ id: PAUSE_ID, tags, digests, size: 1, pinned }];
  return node;
}

describe('image/name-not-canonical', () => {
  const digest = `sha256:${'1'.repeat(64)}`;

  it.each([
    ['index.docker.io/x/pause:1', 'docker.io/x/pause:1'],
    ['pause', 'docker.io/library/pause:latest'],
    ['x/pause:1', 'docker.io/x/pause:1'],
    [`registry.example/pause:1@${digest}`, `registry.example/pause@${digest}`],
  ])('%s is stored as %s', async (reference, stored) => {
    const { findings } = await judge(notCanonical, using(reference, stored, false));
    expect(findings).toMatchObject([
      { messageId: 'notCanonical', severity: 'warning', data: { reference, stored } },
    ]);
    expect(findings[0]?.evidence[0]).toMatchObject({ at: '/etc/containerd/config.toml:6', value: reference });
  });

  const old = using('x/pause:1', 'docker.io/x/pause:1', false);
  old.runtime.version = '1.6.20';
  const crio = using('x/pause:1', 'docker.io/x/pause:1', false);
  crio.runtime.name = 'cri-o';
  it.each<[string, Facts]>([
    ['a spelling that the runtime pins all the same', using('x/pause:1', 'docker.io/x/pause:1', true)],
    ['the stored name', using(PAUSE, PAUSE, false)],
    ['an id', using(PAUSE_ID, PAUSE, false)],
    ['an image that is not here', using('x/pause:1', null, false)],
    ['a containerd that cannot pin', old],
    ['another runtime', crio],
  ])('%s is no finding', async (_, node) => {
    expect(await judge(notCanonical, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });
});

describe('image/frozen-registry', () => {
  it.each([
    ['k8s.gcr.io/pause:3.6', 'registry.k8s.io/pause:3.6'],
    ['gcr.io/google_containers/pause:3.1', 'registry.k8s.io/pause:3.1'],
    ['eu.gcr.io/google-containers/pause:3.1', 'registry.k8s.io/pause:3.1'],
  ])('%s has its successor in %s', async (reference, successor) => {
    const { findings } = await judge(frozen, using(reference, null, false));
    expect(findings).toMatchObject([{ severity: 'warning', data: { reference, successor } }]);
    expect(findings[0]?.remedies[0]?.commands).toEqual([`crictl pull ${successor}`]);
  });

  it('is information while the image is here and pinned', async () => {
    const reference = 'k8s.gcr.io/pause:3.6';
    expect((await judge(frozen, using(reference, reference, true))).findings).toMatchObject([
      { severity: 'info' },
    ]);
    expect((await judge(frozen, using(reference, reference, false))).findings).toMatchObject([
      { severity: 'warning' },
    ]);
  });

  it('what the next start replaces is told as that alone', async () => {
    const node = using('registry.k8s.io/pause:3.6', null, false);
    node.runtime.sandboxImage = 'k8s.gcr.io/pause:3.6';
    for (const file of node.runtimeConfig.files) file.mtime = NOW;
    expect((await judge(frozen, node)).findings).toEqual([]);
    const again = using('gcr.io/google-containers/pause:3.6', null, false);
    again.runtime.sandboxImage = 'k8s.gcr.io/pause:3.6';
    for (const file of again.runtimeConfig.files) file.mtime = NOW;
    expect((await judge(frozen, again)).findings).toHaveLength(1);
  });

  const appImage = emptyNode();
  appImage.images.push({
    id: 'sha256:aa',
    tags: ['k8s.gcr.io/coredns:1'],
    digests: [],
    size: 1,
    pinned: false,
  });
  it.each<[string, Facts]>([
    ['registry.k8s.io', emptyNode()],
    ['a mirror of that name', using('mirror.example/k8s.gcr.io/pause:3.6', null, false)],
    ['another project of gcr.io', using('gcr.io/our-project/pause:3.6', null, false)],
    ['an app image from there', appImage],
  ])('%s is no finding', async (_, node) => {
    expect(await judge(frozen, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });
});
