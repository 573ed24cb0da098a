import { expect, test } from 'vitest';
import mismatch from '../../../checks/netns/mismatch.ts';
import pinLost from '../../../checks/netns/pin-lost.ts';
import anchorLost from '../../../checks/sandbox/anchor-lost.ts';
import { addPod, emptyNode, kill, ns, SOCKET } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

test('a pin is made again from the pause that holds its namespace, by identity', async () => {
  const node = emptyNode();
  const { pause, pinPath } = addPod(node, 1, 'web');
  node.pins.pins = [];
  const made = plan(await planOn(pinLost, node));
  expect(made.risk).toBe('disruptive');
  const from = `/proc/${pause.pid}/ns/net`;
  expect(made.steps).toMatchObject([
    {
      action: { kind: 'pin', from, ns: pause.ns.net, to: pinPath },
      guards: [
        { kind: 'process-is', process: { pid: pause.pid, startTicks: pause.startTicks } },
        { kind: 'namespace-is', path: from, ns: pause.ns.net },
      ],
    },
  ]);
});

test('the file that a pin left goes first', async () => {
  const node = emptyNode();
  const { pinPath } = addPod(node, 1, 'web');
  node.pins.pins = node.pins.pins.map((pin) => ({ ...pin, ns: null, mounts: 0 }));
  const made = plan(await planOn(pinLost, node));
  expect(made.steps[0]?.action).toEqual({ kind: 'unpin', path: pinPath, ns: null });
  expect(kinds(made)).toEqual(['unpin', 'pin']);
});

test('without a pause nothing can be pinned', async () => {
  const node = emptyNode();
  const { pause } = addPod(node, 1, 'web');
  node.pins.pins = [];
  pause.ns = { ...pause.ns, net: null };
  expect(refusal(await planOn(pinLost, node)).name).toBe('not-possible');
});

test('what outlived its pause is stopped and removed, and its shim when it stays', async () => {
  const node = emptyNode();
  const { sandbox, pause, shim } = addPod(node, 1, 'web', { state: 'notready' });
  kill(node, pause);
  const made = plan(await planOn(anchorLost, node));
  expect(made.risk).toBe('destructive');
  expect(kinds(made)).toEqual(['stop-sandbox', 'remove-sandbox', 'signal', 'signal']);
  expect(made.steps[0]).toMatchObject({
    action: { endpoint: SOCKET, sandbox: sandbox.id },
    guards: [{ kind: 'sandbox-unready', id: sandbox.id }],
  });
  expect(made.steps[3]).toMatchObject({
    action: { process: { pid: shim.pid }, signal: 9 },
    guards: [{ kind: 'childless' }, { kind: 'disowned', id: sandbox.id }],
    onFailure: 'go-on',
  });
});

test('containers whose sandbox is not listed are not removed through CRI', async () => {
  const node = emptyNode();
  const { pause } = addPod(node, 1, 'web');
  kill(node, pause);
  node.sandboxes = [];
  expect(refusal(await planOn(anchorLost, node)).reason).toContain('crash containerd');
});

test('a container in another namespace is advised about only', async () => {
  const node = emptyNode();
  const { containers } = addPod(node, 1, 'web');
  for (const { init } of containers) init.ns = { ...init.ns, net: ns(999) };
  expect(refusal(await planOn(mismatch, node)).surer).toContain('crictl stop');
});
