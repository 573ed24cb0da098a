import { defineCheck, type MemoryKill, type Sandbox, sandboxName } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/pause-out-of-memory',
    title: 'No sandbox lost its pause to a lack of memory',
    failureTitle: 'The kernel killed a pause for want of memory',
    why: "Whatever uses up a pod's memory limit, or the node's, the kernel may choose the pause, which has next to none. All containers of the pod then have to start anew, and none of them says OOMKilled.",
    proof:
      "The kernel's own record of the kill, whose cgroup ends in the id of a sandbox that the runtime lists as not ready.",
    neverReports: [
      'containers that were killed for want of memory: their pause lives',
      'lines that a program wrote into the log of the kernel',
    ],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['memoryKills', 'sandboxes'],
    messages: {
      podLimit:
        '{{pod}} lost its pause: the pod had used up its memory limit, and the kernel chose {{comm}} ({{pid}})',
      nodeMemory:
        '{{pod}} lost its pause: the node had no memory left, and the kernel chose {{comm}} ({{pid}})',
    },
    explains: [{ check: 'sandbox/anchor-lost', same: 'pod' }],
    references: [
      'https://github.com/kubernetes/kubernetes/issues/62536',
      'https://github.com/kubernetes/kubernetes/issues/86337',
    ],
  },
  run({ memoryKills, sandboxes }) {
    return sandboxes
      .filter(({ state }) => state === 'notready')
      .flatMap((sandbox) => {
        const kill = memoryKills.findLast(({ containerId }) => containerId === sandbox.id);
        return kill ? [finding(sandbox, kill)] : [];
      });
  },
});

function finding(sandbox: Sandbox, { pid, comm, limitOf, at }: MemoryKill) {
  const pod = sandboxName(sandbox.id, sandbox);
  return {
    messageId: limitOf === '' ? 'nodeMemory' : 'podLimit',
    subject: { kind: 'sandbox' as const, id: sandbox.id, name: pod },
    data: { pod, sandbox: sandbox.id, pid, comm },
    evidence: [
      {
        fact: 'memoryKills' as const,
        at: `kernel log, ${Math.floor(at / 1000)} s after boot`,
        value: `Killed process ${pid} (${comm})${limitOf === '' ? '' : `, limit of ${limitOf}`}`,
      },
    ],
  };
}
