import { describe, expect, it } from 'vitest';
import { findImage, fullReference, pauseTags, tagOf } from '../../src/derive/image-ref.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;

describe('fullReference', () => {
  it.each([
    ['pause', 'docker.io/library/pause:latest'],
    ['team/pause', 'docker.io/team/pause:latest'],
    ['index.docker.io/team/pause:1', 'docker.io/team/pause:1'],
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
    ['localhost/pause', 'localhost/pause:latest'],
    ['localhost:5000/pause', 'localhost:5000/pause:latest'],
    [`registry.k8s.io/pause@${DIGEST}`, `registry.k8s.io/pause@${DIGEST}`],
    [DIGEST, DIGEST],
    ['a'.repeat(64), 'a'.repeat(64)],
  ])('%s is %s', (short, full) => {
    expect(fullReference(short)).toBe(full);
    expect(fullReference(full)).toBe(full);
  });
});

describe('findImage', () => {
  const image = {
    id: `sha256:${'1'.repeat(64)}`,
    tags: ['docker.io/library/pause:3.9'],
    digests: [`docker.io/library/pause@${DIGEST}`],
    size: 1,
    pinned: false,
  };

  it.each([
    'pause:3.9',
    'docker.io/library/pause:3.9',
    `pause@${DIGEST}`,
    `pause:9@${DIGEST}`,
    image.id,
    '1'.repeat(64),
  ])('finds %s', (reference) => expect(findImage([image], reference)).toBe(image));

  it.each(['pause', 'pause:3.10', 'team/pause:3.9', `other@${DIGEST}`, '2'.repeat(64), ''])(
    'does not find %j',
    (reference) => expect(findImage([image], reference)).toBeUndefined(),
  );
});

describe('tagOf', () => {
  it.each([
    ['registry:5000/pause', null],
    ['registry:5000/pause:3.9', '3.9'],
    [`registry.k8s.io/pause:3.10@${DIGEST}`, '3.10'],
    [`registry.k8s.io/pause@${DIGEST}`, null],
  ])('of %s is %s', (reference, tag) => expect(tagOf(reference)).toBe(tag));
});

describe('pauseTags', () => {
  it('knows a pause by its name', () => {
    const tags = [
      'registry.k8s.io/pause:3.9',
      'r.io/rancher/mirrored-pause:3.6',
      'r.io/eks/pause-amd64:3.1',
      'r.io/unpaused:1',
      'r.io/pause/app:1',
    ];
    expect(pauseTags([{ id: '', tags, digests: [], size: 0, pinned: false }])).toEqual(tags.slice(0, 3));
  });
});
