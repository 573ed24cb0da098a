import { expect, test } from 'vitest';
import missing from '../../../checks/image/sandbox-image-missing.ts';
import unpinned from '../../../checks/image/sandbox-image-unpinned.ts';
import type { Image } from '../../../src/model/facts.ts';
import { healthyNode, PAUSE, PAUSE_ID, SOCKET, unread } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

const UPSTREAM = 'sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a';

function without(...images: Partial<Image>[]) {
  const node = healthyNode();
  node.images = images.map((image) => ({
    id: PAUSE_ID,
    tags: [],
    digests: [],
    size: 1,
    pinned: false,
    ...image,
  }));
  return node;
}

test('a missing image is pulled, and nothing else unless more was asked for', async () => {
  const safe = plan(await planOn(missing, without()));
  expect(safe).toMatchObject({ risk: 'safe', subject: { id: PAUSE }, notes: [] });
  expect(safe.steps).toMatchObject([
    { action: { kind: 'pull-image', endpoint: SOCKET, image: PAUSE }, onFailure: 'stop' },
  ]);
  const wider = plan(await planOn(missing, without(), { risk: 'disruptive' }));
  expect(wider.risk).toBe('disruptive');
  expect(kinds(wider)).toEqual(['pull-image', 'import-image', 'pin-image']);
  expect(wider.steps[0]?.onFailure).toBe('go-on');
  expect(wider.steps[1]?.action).toMatchObject({ archive: '', image: PAUSE, daemon: { pid: 100 } });
  expect(wider.notes).toHaveLength(1);
});

test('an archive that is given is imported instead', async () => {
  const given = plan(await planOn(missing, without(), { pauseArchive: '/a.tar' }));
  expect(given.risk).toBe('disruptive');
  expect(given.steps[0]?.action).toMatchObject({ kind: 'import-image', archive: '/a.tar' });
});

test('the same image under another name gets this one: the digest of a public pause is known', async () => {
  const node = without({ tags: ['k8s.gcr.io/pause:3.10'], digests: [`k8s.gcr.io/pause@${UPSTREAM}`] });
  const named = plan(await planOn(missing, node));
  expect(named.risk).toBe('safe');
  expect(named.steps[0]).toMatchObject({
    action: { kind: 'tag-image', from: 'k8s.gcr.io/pause:3.10', to: PAUSE },
    guards: [{ kind: 'image-is', image: 'k8s.gcr.io/pause:3.10', id: PAUSE_ID }],
  });
});

test.each([
  ['a pause of another digest', { tags: ['k8s.gcr.io/pause:3.10'], digests: ['k8s.gcr.io/pause@sha256:1'] }],
  ['a pause without a digest', { tags: ['k8s.gcr.io/pause:3.10'] }],
  ['the same content without a name', { digests: [`k8s.gcr.io/pause@${UPSTREAM}`] }],
])('%s is not given the name', async (_, image) => {
  expect(kinds(plan(await planOn(missing, without(image))))).toEqual(['pull-image']);
});

test("podctl's own pause does not stand in for an image that is wanted by digest", async () => {
  const node = without();
  node.runtimeConfig.sandboxImage = {
    value: `a.b/pause@${UPSTREAM}`,
    file: null,
    line: null,
    origin: 'default',
  };
  expect(kinds(plan(await planOn(missing, node, { risk: 'destructive' })))).toEqual(['pull-image']);
});

test('CRI-O pulls, and takes no archive through containerd', async () => {
  const node = without();
  node.runtime.name = 'cri-o';
  expect(kinds(plan(await planOn(missing, node, { risk: 'disruptive' })))).toEqual(['pull-image']);
  expect(refusal(await planOn(missing, node, { pauseArchive: '/a.tar' })).name).toBe('not-possible');
});

test('an image is pinned by the name that it has here', async () => {
  const node = without({ tags: ['registry.k8s.io/pause:3.9', PAUSE] });
  expect(plan(await planOn(unpinned, node)).steps).toMatchObject([
    { action: { kind: 'pin-image', image: PAUSE }, guards: [{ id: PAUSE_ID }] },
  ]);
});

test('what cannot be pinned is said', async () => {
  const node = without({ tags: [PAUSE] });
  node.runtime.version = '1.6.20';
  expect(refusal(await planOn(unpinned, node)).surer).toContain('1.6.22');
});

test('a fact that is not complete is a refusal with its reason', async () => {
  const silent = { images: unread('timeout', 'no answer') };
  expect(refusal(await planOn(missing, without(), {}, silent)).reason).toContain('no answer');
});
