import { expect, test } from 'vitest';
import check from '../../../checks/image/pause-damaged.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, emptyNode, PAUSE, PAUSE_ID, SOCKET } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

function damaged(): Facts {
  const node = emptyNode();
  const { program } = node.pauseContent;
  if (!program) throw new Error('the healthy node has a pause');
  node.pauseContent.program = { ...program, kind: 'empty', size: 0, machine: null };
  return node;
}

/** A sandbox is left that was made from the sandbox image. */
function inUse(): Facts {
  const node = damaged();
  addPod(node, 7, 'left');
  return node;
}

test('an image that nothing was made from is unpacked anew', async () => {
  const made = plan(await planOn(check, damaged()));
  expect([made.risk, kinds(made)]).toEqual(['disruptive', ['reload-image', 'pin-image']]);
  expect(made.steps[0]).toMatchObject({
    action: { endpoint: SOCKET, image: PAUSE, id: PAUSE_ID, daemon: { pid: 100 } },
    guards: [
      { kind: 'image-is', image: PAUSE, id: PAUSE_ID },
      { kind: 'image-unused', image: PAUSE, id: PAUSE_ID },
    ],
  });
});

test("podctl's own pause takes the name while a sandbox is left, or where the image is for another machine", async () => {
  const left = plan(await planOn(check, inUse()));
  expect(left.steps[0]?.action).toMatchObject({ kind: 'import-image', archive: '', replaces: PAUSE_ID });
  const foreign = damaged();
  foreign.pauseContent.architecture = 'arm64';
  expect(kinds(plan(await planOn(check, foreign)))[0]).toBe('import-image');
});

test('an archive that is given takes the name', async () => {
  const given = plan(await planOn(check, damaged(), { pauseArchive: '/a.tar' }));
  expect(given.steps[0]?.action).toMatchObject({
    kind: 'import-image',
    archive: '/a.tar',
    replaces: PAUSE_ID,
  });
});

test('an image that is wanted by digest waits until no sandbox of it is left', async () => {
  const node = inUse();
  const reference = `registry.k8s.io/pause@${PAUSE_ID}`;
  node.pauseContent.image = reference;
  for (const image of node.images) image.digests = [reference];
  const { reason, surer } = refusal(await planOn(check, node));
  expect(reason).toContain('what is damaged is used again');
  expect(surer).toContain('drain the node');
});

test('other runtimes unpack what they pull', async () => {
  const node = damaged();
  node.runtime.name = 'cri-o';
  expect(refusal(await planOn(check, node)).surer).toContain('pull it');
});
