import { describe, expect, it } from 'vitest';
import check from '../../../checks/sandbox/stopped-shim.ts';
import { addPod, emptyNode, healthyNode, judge, unread } from '../../support/node.ts';

describe('sandbox/stopped-shim', () => {
  it('passes healthy shims', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it('names the pod whose shim a signal stopped, and lets it go on', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web');
    pod.shim.state = 'T';
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'stopped',
        severity: 'error',
        message:
          'The shim of default/web (process 110) is stopped by a signal: the pod cannot be stopped, entered or measured, and a restart of the runtime would kill it',
        subject: { kind: 'shim', id: pod.sandbox.id, name: 'default/web' },
        evidence: [{ fact: 'processes', at: '/proc/110/stat', value: 'state T' }],
        remedies: [{ risk: 'safe', commands: ['kill -CONT 110'] }],
      },
    ]);
    pod.shim.state = 't';
    expect((await judge(check, node)).findings[0]?.remedies[0]?.commands).toEqual([
      'grep TracerPid /proc/110/status',
    ]);
  });

  it('names a shim that waits in the kernel, once it was seen to go on waiting', async () => {
    const node = emptyNode();
    const pod = addPod(node, 1, 'web');
    pod.shim.state = 'D';
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    expect(await judge(check, node, { stalls: unread('denied', 'x') })).toMatchObject({ verdict: 'pass' });
    node.stalls.threads = [
      {
        pid: pod.shim.pid,
        tid: pod.shim.pid,
        comm: 'containerd-shim',
        role: 'shim',
        sandboxId: pod.sandbox.id,
        waitsIn: 'nfs_wait_bit',
        stack: ['nfs_wait_bit', 'nfs_file_fsync'],
      },
    ];
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'waits',
        message: expect.stringContaining('waits in the kernel (nfs_wait_bit)'),
        evidence: [
          { value: 'state D' },
          { at: '/proc/110/task/110/stack', value: 'nfs_wait_bit < nfs_file_fsync' },
        ],
      },
    ]);
  });

  it('reports neither shims of another containerd nor dead ones', async () => {
    const node = emptyNode();
    const other = addPod(node, 1, 'a').shim;
    other.state = 'T';
    if (other.shim) other.shim.address = '/run/docker/containerd/containerd.sock';
    addPod(node, 2, 'b').shim.state = 'Z';
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
