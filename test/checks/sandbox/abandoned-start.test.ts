import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/abandoned-start.ts';
import type { Facts, Process } from '../../../src/model/facts.ts';
import {
  addPod,
  bareProcess,
  emptyNode,
  healthyNode,
  id,
  judge,
  unread,
  YOUNG_TICKS,
} from '../../support/node.ts';
import { guardsOf, kindsOf, planFor } from '../../support/remedy.ts';

const LEFT = id('ab');

/** A pod with a container that the runtime calls exited, and the process of its start. */
function abandoned() {
  const node = emptyNode();
  const pod = addPod(node, 1, 'web');
  const waits: Process = {
    ...bareProcess(4000, 'runc:[2:INIT]'),
    ppid: pod.shim.pid,
    cgroup: `/k8s.io/${LEFT}`,
    containerId: LEFT,
  };
  node.processes.push(waits);
  const [first] = node.containers;
  if (!first) throw new Error('the pod has a container');
  const container = {
    ...first,
    id: LEFT,
    name: 'db',
    state: 'exited' as Facts['containers'][number]['state'],
  };
  node.containers.push(container);
  return { node, pod, waits, container };
}
type Abandoned = ReturnType<typeof abandoned>;

describe('sandbox/abandoned-start', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the process of a container that the runtime calls exited', async () => {
    expect((await judge(check, abandoned().node)).findings).toMatchObject([
      {
        messageId: 'exited',
        severity: 'warning',
        message:
          'A start of db in default/web was broken off: the runtime calls it exited, and process 4000 still waits to begin',
        subject: { kind: 'container', id: LEFT, name: 'default/web/db' },
        evidence: [{ at: '/proc/4000', value: 'runc:[2:INIT], child of the shim 110' }, { value: 'EXITED' }],
        remedies: [{ risk: 'safe', commands: [`ctr -n k8s.io tasks rm -f ${LEFT}`, 'kill -KILL 4000'] }],
      },
    ]);
  });

  it('names it once the container is removed, too', async () => {
    const { node, container } = abandoned();
    node.containers = node.containers.filter((c) => c !== container);
    const { findings } = await judge(check, node);
    expect(findings).toMatchObject([{ messageId: 'unlisted', data: { container: LEFT.slice(0, 13) } }]);
    expect(findings[0]?.message).toContain('the runtime knows no such container');
  });

  const innocent: [string, (one: Abandoned) => unknown][] = [
    [
      'the container is created, and waits to be started',
      ({ container }) => Object.assign(container, { state: 'created' }),
    ],
    [
      'a command is being started in one that runs',
      ({ container }) => Object.assign(container, { state: 'running' }),
    ],
    ['its state is not known', ({ container }) => Object.assign(container, { state: 'unknown' })],
    ['it is young', ({ waits }) => Object.assign(waits, { startTicks: YOUNG_TICKS })],
    ['it is dead', ({ waits }) => Object.assign(waits, { state: 'Z' })],
    ['it has begun', ({ waits }) => Object.assign(waits, { comm: 'postgres' })],
    [
      'it is the pause of a sandbox',
      ({ waits, pod }) => Object.assign(waits, { containerId: pod.sandbox.id }),
    ],
    ['it is in no container', ({ waits }) => Object.assign(waits, { containerId: null })],
    ['its parent is no shim', ({ waits }) => Object.assign(waits, { ppid: 1 })],
    [
      'its shim serves another containerd',
      ({ pod }) => Object.assign(pod.shim.shim ?? {}, { address: '/run/docker/containerd/containerd.sock' }),
    ],
    [
      'its shim is of another namespace',
      ({ pod }) => Object.assign(pod.shim.shim ?? {}, { namespace: 'moby' }),
    ],
  ];

  it.each(innocent)('says nothing where %s', async (_, excuse) => {
    const one = abandoned();
    excuse(one);
    expect(await judge(check, one.node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('cannot tell without the list of containers', async () => {
    const containers = unread('timeout', 'no answer');
    expect(await judge(check, abandoned().node, { containers })).toMatchObject({ verdict: 'unknown' });
  });

  it('is cured by ending task, process and state, while it still waits', async () => {
    const plan = await planFor('sandbox/abandoned-start', abandoned().node);
    expect(plan.risk).toBe('safe');
    expect(kindsOf(plan)).toEqual(['end-task', 'signal', 'delete-oci-state']);
    expect(guardsOf(plan)).toEqual([['never-began'], ['never-began'], ['never-began']]);
    expect(plan.steps[0]?.guards[0]).toMatchObject({ container: LEFT, process: { pid: 4000 } });
  });
});
