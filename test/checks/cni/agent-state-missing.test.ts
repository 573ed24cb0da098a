import { expect, test } from 'vitest';
import check from '../../../checks/cni/agent-state-missing.ts';
import type { AgentState, Facts } from '../../../src/model/facts.ts';
import { emptyNode } from '../../support/node.ts';
import { agent, said } from './network.ts';

function withState(state: AgentState['state'], network = 'podnet'): Facts {
  const node = emptyNode();
  const path = '/run/flannel/subnet.env';
  node.cniAgents.states.push({ plugin: 'flannel', network, path, kind: 'file', state });
  return node;
}

test('what is there, and what belongs to a network that is not in force, has no finding', async () => {
  expect(await said(check, withState('there'))).toEqual([]);
  expect(await said(check, withState('missing', 'another'))).toEqual([]);
});

test('a missing, deaf or useless state is named, and whether the agent runs', async () => {
  expect(await said(check, withState('missing'))).toEqual([
    'error: the plugin flannel needs /run/flannel/subnet.env, which is missing: pods get no network; flannel does not run here',
  ]);
  expect(await said(check, withState('deaf'))).toEqual([
    'error: the plugin flannel needs the socket /run/flannel/subnet.env, on which nobody listens; flannel does not run here',
  ]);
  const node = withState('malformed');
  node.containers.push(agent('kube-flannel'));
  expect(await said(check, node)).toEqual([
    'error: the plugin flannel needs /run/flannel/subnet.env, which lacks what it reads from it, though flannel runs',
  ]);
});

test('an agent, or a node, that was started just now is given its time', async () => {
  const node = withState('missing');
  node.containers.push(agent('kube-flannel', 60_000));
  expect(await said(check, node)).toEqual([
    'info: the plugin flannel waits for /run/flannel/subnet.env: flannel or the node was started 1 min ago',
  ]);
  const booted = withState('missing');
  booted.host.uptime = 100;
  expect(await said(check, booted)).toEqual([expect.stringMatching(/^info: /)]);
});
