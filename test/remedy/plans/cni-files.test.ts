import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/model/facts.ts';
import { conf, FOLDER, WINNER, withoutNetwork } from '../../checks/cni/network.ts';
import { addPod, DAY, emptyNode, id, kill, NOW, type Pod } from '../../support/node.ts';
import { FILE, guardsOf, kindsOf, planFor, refusalFor } from '../../support/remedy.ts';

/** A pod of whom nothing runs, and whose note is empty. */
function withNote(known: boolean): { node: Facts; pod: Pod; path: string } {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web', { state: 'notready' });
  kill(node, pod.pause, pod.shim, ...pod.containers.map(({ init }) => init));
  for (const { listed } of pod.containers) listed.state = 'exited';
  if (!known) Object.assign(node.podOwners, { folders: [], pods: [] });
  return { node, pod, path: leaveNote(node, pod.sandbox.id) };
}

function leaveNote(node: Facts, containerId: string): string {
  const path = `/var/lib/cni/flannel/${containerId}`;
  const note = { plugin: 'flannel', network: 'podnet', path, containerId, mtime: NOW - DAY };
  node.cniAgents.handedOver.push({ ...note, state: 'empty' });
  return path;
}

describe('cni/delegate-state-damaged', () => {
  it('takes the note away, then the dead sandbox, then what it held', async () => {
    const { node, pod, path } = withNote(false);
    const plan = await planFor('cni/delegate-state-damaged', node);
    expect(plan.risk).toBe('safe');
    expect(kindsOf(plan)).toEqual(['remove-file', 'stop-sandbox', 'remove-sandbox', 'remove-file']);
    expect(plan.steps[0]?.action).toMatchObject({ path, file: FILE });
    expect(guardsOf(plan)[0]).toEqual(['no-plugin-runs', 'sandbox-dead']);
    expect(plan.steps[3]?.action).toMatchObject({ path: pod.network.reservation.path });
    expect(guardsOf(plan)[3]).toEqual(['no-plugin-runs', 'disowned']);
  });

  it('stops it only where kubelet has the pod, and says what is freed afterwards', async () => {
    const plan = await planFor('cni/delegate-state-damaged', withNote(true).node);
    expect(kindsOf(plan)).toEqual(['remove-file', 'stop-sandbox']);
    expect(plan.notes).toMatchObject([expect.stringContaining('podctl gc ipam')]);
  });

  it('leaves the note of a sandbox that runs', async () => {
    const node = emptyNode();
    leaveNote(node, addPod(node, 1, 'web').sandbox.id);
    expect((await refusalFor('cni/delegate-state-damaged', node)).reason).toContain('runs');
  });

  it('takes one away that is of nobody, and none that was written since', async () => {
    const node = emptyNode();
    leaveNote(node, id('a1'));
    const plan = await planFor('cni/delegate-state-damaged', node);
    expect(guardsOf(plan)).toEqual([['no-plugin-runs', 'disowned']]);
    const changed = await refusalFor('cni/delegate-state-damaged', node, { identify: () => null });
    expect(changed.reason).toContain('was changed since the look');
  });
});

const BROKEN = `${FOLDER}/05-x.conf`;

function withBroken(): Facts {
  const node = withoutNetwork('cni plugin not initialized', `failed to load ${BROKEN}: no JSON`);
  const problem = `${BROKEN} is not valid JSON`;
  node.cniConf.files.unshift({ ...conf('05-x.conf', '', ''), plugins: [], problem, mtime: NOW - DAY });
  node.cniConf.winner = BROKEN;
  return node;
}

describe('cni/configuration-broken', () => {
  it('puts the file aside with consent, and names the one that is taken then', async () => {
    const plan = await planFor('cni/configuration-broken', withBroken());
    expect(plan.risk).toBe('disruptive');
    expect(plan.steps).toMatchObject([
      {
        action: { kind: 'put-config-aside', path: BROKEN, file: FILE },
        guards: [{ kind: 'file-is', path: BROKEN, file: FILE }],
      },
    ]);
    expect(plan.notes).toMatchObject([
      expect.stringContaining(WINNER),
      expect.stringContaining('podctl undo'),
    ]);
  });

  it('leaves it where no other, or another broken one, would be taken', async () => {
    const alone = withBroken();
    alone.cniConf.files = alone.cniConf.files.slice(0, 1);
    expect((await refusalFor('cni/configuration-broken', alone)).reason).toContain('no other file');
    const both = withBroken();
    for (const file of both.cniConf.files) if (file.path !== BROKEN) file.problem = 'it is cut';
    expect((await refusalFor('cni/configuration-broken', both)).reason).toContain('cannot be used either');
  });

  it('leaves one that was changed since, and one that is a link', async () => {
    const refused = await refusalFor('cni/configuration-broken', withBroken(), { identify: () => null });
    expect(refused.reason).toContain('was changed since the look');
  });
});

describe('cni/wrong-configuration', () => {
  const sample = conf('05-containerd.conflist', 'containerd-net', 'bridge');
  const flannel = conf('20-flannel.conflist', 'cbr0', 'flannel');

  function withSample(...between: ReturnType<typeof conf>[]): Facts {
    const node = emptyNode();
    node.cniConf.files = [sample, ...between, flannel];
    node.cniConf.winner = sample.path;
    return node;
  }

  it('puts a sample aside, and counts the sandboxes that have its network', async () => {
    const node = withSample();
    const { sandbox } = addPod(node, 1, 'web');
    for (const entry of node.cniCache.entries)
      if (entry.containerId === sandbox.id) entry.network = 'containerd-net';
    const plan = await planFor('cni/wrong-configuration', node);
    expect([plan.risk, ...kindsOf(plan)]).toEqual(['disruptive', 'put-config-aside']);
    expect(plan.notes.at(-1)).toContain('1 sandboxes have the network containerd-net');
  });

  it('leaves it where another one than the meant one would be taken', async () => {
    const node = withSample(conf('10-other.conflist', 'other', 'bridge'));
    expect((await refusalFor('cni/wrong-configuration', node)).reason).toContain('10-other.conflist');
  });
});
