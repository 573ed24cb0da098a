import { expect, test } from 'vitest';
import missing from '../../../checks/image/sandbox-image-missing.ts';
import wrongStore from '../../../checks/image/wrong-store.ts';
import type { StrayImage } from '../../../src/model/facts.ts';
import { healthyNode, PAUSE, SOCKET } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

const DIGEST = `sha256:${'7'.repeat(64)}`;

function nodeWith(more: Partial<StrayImage> = {}) {
  const node = healthyNode();
  node.images = [];
  const stray = { name: PAUSE, digest: DIGEST, labels: {}, store: 'namespace' as const, place: 'default' };
  node.imageStore = { images: [], elsewhere: [{ ...stray, ...more }] };
  return node;
}

test('an image is copied from the namespace that has it, while it is the same and CRI has none', async () => {
  const made = plan(await planOn(wrongStore, nodeWith()));
  expect([made.risk, kinds(made)]).toEqual(['safe', ['copy-image', 'pin-image']]);
  expect(made.steps[0]).toMatchObject({
    action: { endpoint: SOCKET, namespace: 'default', image: PAUSE, digest: DIGEST, daemon: { pid: 100 } },
    guards: [
      { kind: 'image-is', image: PAUSE, id: null },
      { kind: 'stored-image-is', namespace: 'default', image: PAUSE, digest: DIGEST },
    ],
    onFailure: 'stop',
  });
});

test('a missing image is copied before a registry is asked', async () => {
  const made = plan(await planOn(missing, nodeWith()));
  expect(kinds(made)).toEqual(['copy-image', 'pull-image', 'pin-image']);
  expect(made.steps[0]?.onFailure).toBe('go-on');
});

test('an image of Docker or podman is exported by whoever loaded it', async () => {
  const node = nodeWith({ store: 'docker', place: '/var/lib/docker/image/overlay2/repositories.json' });
  expect(refusal(await planOn(wrongStore, node)).surer).toBe(
    'save it from Docker, and give the file with --pause-archive',
  );
  expect(kinds(plan(await planOn(missing, node)))).toEqual(['pull-image']);
});

test('another spelling of the name is left alone', async () => {
  const node = nodeWith({ name: 'docker.io/library/pause:1' });
  node.runtimeConfig.sandboxImage = { value: 'pause:1', file: null, line: null, origin: 'default' };
  expect(kinds(plan(await planOn(wrongStore, node)))[0]).toBe('copy-image');
  node.imageStore.elsewhere = node.imageStore.elsewhere.map((one) => ({ ...one, name: 'pause:1' }));
  expect(refusal(await planOn(wrongStore, node)).surer).toContain('tag it as pause:1 there');
});
