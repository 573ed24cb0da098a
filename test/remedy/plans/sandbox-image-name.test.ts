import { expect, test } from 'vitest';
import frozen from '../../../checks/image/frozen-registry.ts';
import notCanonical from '../../../checks/image/name-not-canonical.ts';
import { healthyNode, PAUSE_ID } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

const MAIN = '/etc/containerd/config.toml';
const FROZEN = 'k8s.gcr.io/pause:3.10';
const SUCCESSOR = 'registry.k8s.io/pause:3.10';
const UPSTREAM = 'sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a';

function configured(value: string, ...tags: string[]) {
  const node = healthyNode();
  node.runtimeConfig.sandboxImage = { value, file: MAIN, line: 6, origin: 'file' };
  node.images = tags.map((tag) => ({ id: PAUSE_ID, tags: [tag], digests: [], size: 1, pinned: false }));
  return node;
}

test('the name under which an image is stored is configured, and pinned at once', async () => {
  const node = configured('index.docker.io/x/pause:3.9', 'docker.io/x/pause:3.9');
  const made = plan(await planOn(notCanonical, node));
  expect([made.risk, kinds(made)]).toEqual(['disruptive', ['write-config', 'pin-image']]);
  expect(made.steps[0]?.action).toMatchObject({
    path: MAIN,
    check: { sandboxImage: 'docker.io/x/pause:3.9' },
  });
  expect(made.notes[0]).toContain('next start');
});

test('the registry that is kept up is configured, and its image pulled first', async () => {
  const made = plan(await planOn(frozen, configured(FROZEN)));
  expect([made.risk, kinds(made)]).toEqual(['disruptive', ['pull-image', 'write-config', 'pin-image']]);
  expect(made.steps[0]).toMatchObject({ action: { image: SUCCESSOR }, onFailure: 'stop' });
  expect(kinds(plan(await planOn(frozen, configured(FROZEN, FROZEN, SUCCESSOR))))).toEqual([
    'write-config',
    'pin-image',
  ]);
});

test('an image that is here is given the new name where its digest is the public one', async () => {
  const node = configured(FROZEN, FROZEN);
  for (const image of node.images) image.digests = [`k8s.gcr.io/pause@${UPSTREAM}`];
  const made = plan(await planOn(frozen, node));
  expect(kinds(made)).toEqual(['tag-image', 'write-config', 'pin-image']);
  expect(made.steps[0]).toMatchObject({
    action: { from: FROZEN, to: SUCCESSOR },
    guards: [{ kind: 'image-is', image: FROZEN, id: PAUSE_ID }],
  });
});

test('what is pinned, or changed in the file already, is left alone', async () => {
  const node = configured(FROZEN, FROZEN);
  node.runtime.sandboxImage = FROZEN;
  node.runtimeConfig.sandboxImage = { value: SUCCESSOR, file: MAIN, line: 6, origin: 'file' };
  expect(refusal(await planOn(frozen, node)).surer).toContain('restart the runtime');
  for (const image of node.images) image.pinned = true;
  expect(refusal(await planOn(frozen, node)).reason).toContain('here and pinned');
});
