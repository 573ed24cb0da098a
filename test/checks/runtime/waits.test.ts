import { describe, expect, it } from 'vitest';
import deadMount from '../../../checks/runtime/dead-mount.ts';
import secondDaemon from '../../../checks/runtime/second-daemon.ts';
import type { Facts, StalledThread } from '../../../src/model/facts.ts';
import { addPod, emptyNode, healthyNode, judge } from '../../support/node.ts';

const THREAD: StalledThread = {
  pid: 100,
  tid: 104,
  comm: 'containerd',
  role: 'daemon',
  sandboxId: '',
  waitsIn: 'request_wait_answer',
  stack: ['request_wait_answer', 'fuse_simple_request'],
};
const VOLUME = '/var/lib/kubelet/pods/uid-1/volumes/kubernetes.io~nfs/data';

function stalled(change: Partial<Facts['stalls']>): Facts {
  const node = emptyNode();
  addPod(node, 1, 'web', { uid: 'uid-1' });
  node.stalls = { ...node.stalls, threads: [THREAD], ...change };
  return node;
}

describe('runtime/dead-mount', () => {
  it('passes while nothing waits', async () => {
    expect(await judge(deadMount, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the volume and its pod, and only advises to detach it', async () => {
    const node = stalled({ mounts: [{ mountPoint: VOLUME, fsType: 'nfs4', podUid: 'uid-1' }], asked: 3 });
    expect((await judge(deadMount, node)).findings).toMatchObject([
      {
        messageId: 'deadMount',
        severity: 'error',
        message: `${VOLUME} (nfs4), a volume of default/web, does not answer, and the runtime waits in the kernel (1 thread): what is being made keeps its name until it does`,
        subject: { kind: 'file', id: VOLUME, name: 'default/web' },
        evidence: [
          { at: `stat -f ${VOLUME}`, value: 'no answer' },
          { at: '/proc/100/task/104/stack', value: 'containerd: request_wait_answer < fuse_simple_request' },
        ],
        remedies: [{ risk: 'disruptive', commands: [`umount -f -l '${VOLUME}'`] }],
      },
    ]);
  });

  it('names a mount of nobody in particular', async () => {
    const node = stalled({ mounts: [{ mountPoint: '/mnt', fsType: 'nfs4', podUid: null }] });
    expect((await judge(deadMount, node)).findings[0]?.message).toMatch(/^\/mnt \(nfs4\) does not answer/);
  });

  it('tells a frozen file system from a silent disk where every mount answers', async () => {
    const silent = (await judge(deadMount, stalled({}))).findings[0];
    expect(silent).toMatchObject({ messageId: 'waits', subject: { kind: 'process', id: '100' } });
    expect(silent?.remedies[0]?.title).toBe('See which disk does not answer');
    const frozen = stalled({ threads: [{ ...THREAD, waitsIn: 'percpu_rwsem_wait', stack: [] }] });
    expect((await judge(deadMount, frozen)).findings[0]?.remedies[0]?.title).toContain('fsfreeze --unfreeze');
  });

  it('leaves shims to sandbox/stopped-shim', async () => {
    expect(await judge(deadMount, stalled({ threads: [{ ...THREAD, role: 'shim' }] }))).toMatchObject({
      verdict: 'pass',
    });
  });
});

describe('runtime/second-daemon', () => {
  const path = '/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db';

  it('passes a node with one containerd', async () => {
    expect(await judge(secondDaemon, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the one that waits, and confirms it by its log', async () => {
    const node = stalled({ threads: [], databases: [{ path, holder: 100, waiting: [200] }] });
    node.runtimeLog = [
      {
        pid: 200,
        kind: 'containerd',
        source: '/var/log/containerd.log',
        events: [{ kind: 'database-locked', fields: {}, count: 3, last: null }],
      },
    ];
    expect((await judge(secondDaemon, node)).findings).toMatchObject([
      {
        messageId: 'waits',
        severity: 'warning',
        subject: { kind: 'process', id: '200' },
        message: `containerd 200 waits for ${path}, which containerd 100 holds: it serves nobody and never will`,
        evidence: [{ at: '/proc/locks' }, { at: '/proc/200/fd' }, { fact: 'runtimeLog' }],
        remedies: [{ risk: 'safe', commands: ['kill 200'] }],
      },
    ]);
  });

  it('says nothing where nobody is seen to hold the lock', async () => {
    const node = stalled({ threads: [], databases: [{ path, holder: null, waiting: [100, 200] }] });
    expect(await judge(secondDaemon, node)).toMatchObject({ verdict: 'pass' });
  });
});
