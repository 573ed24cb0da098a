import {
  completeValue,
  type DeadMount,
  defineCheck,
  type Finding,
  type Sandbox,
  type StalledThread,
  sandboxName,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'runtime/dead-mount',
    title: 'The runtime waits for no mount',
    failureTitle: 'The runtime waits in the kernel, as for a mount that does not answer',
    why: 'What is being made or removed there keeps its names and locks while it waits: kubelet tries again and is told for hours that the name is reserved, and no log says for what.',
    proof:
      'A thread of the runtime, or of a program that it runs, is in uninterruptible sleep twice and was not scheduled once in between. Then every mount of a network or user file system is asked, by a program that may be left waiting.',
    neverReports: [
      'a thread that waits for a busy disk: it is scheduled again in between',
      'mounts that do not answer while nobody of the runtime waits: they are not asked',
    ],
    severity: 'error',
    tags: ['runtime'],
    needs: ['stalls'],
    wants: ['sandboxes'],
    messages: {
      deadMount:
        '{{mountPoint}} ({{fsType}}){{ofPod}} does not answer, and the runtime waits in the kernel ({{threads}}): what is being made keeps its name until it does',
      waits:
        '{{comm}} waits in the kernel{{where}}, {{threads}} of it: a file system that is frozen or whose disk does not answer holds it, and with it the names of what is being made',
    },
    explains: [{ check: 'runtime/unresponsive' }, { check: 'sandbox/half-created' }],
    references: [
      'https://github.com/containerd/containerd/issues/13867',
      'https://github.com/kubernetes/kubernetes/issues/94829',
    ],
  },
  run({ stalls, sandboxes }) {
    const threads = stalls.threads.filter((t) => t.role !== 'shim');
    const [first] = threads;
    if (first === undefined) return [];
    if (stalls.mounts.length === 0) return [waiting(first, threads)];
    return stalls.mounts.map((mount) => dead(mount, threads, completeValue(sandboxes) ?? []));
  },
});

function dead(mount: DeadMount, threads: StalledThread[], sandboxes: Sandbox[]): Finding {
  const { mountPoint, fsType, podUid } = mount;
  const sandbox = sandboxes.find((s) => s.uid === podUid);
  const pod = sandbox ? sandboxName(sandbox.id, sandbox) : (podUid ?? '');
  return {
    messageId: 'deadMount',
    subject: { kind: 'file', id: mountPoint, ...(pod === '' ? {} : { name: pod }) },
    data: {
      mountPoint,
      fsType,
      pod,
      ofPod: pod === '' ? '' : `, a volume of ${pod},`,
      threads: counted(threads),
    },
    evidence: [
      { fact: 'stalls', at: `stat -f ${mountPoint}`, value: 'no answer' },
      ...threads.slice(0, 3).map(evidence),
    ],
    advice: [
      {
        title: 'Bring its server back; else detach it, whereupon those who wait get an error',
        risk: 'disruptive',
        commands: [['umount', '-f', '-l', mountPoint]],
      },
    ],
  };
}

function waiting(first: StalledThread, threads: StalledThread[]): Finding {
  const isFrozen = threads.some(({ waitsIn, stack }) =>
    [waitsIn, ...stack].some((name) => /^(percpu_rwsem_wait|__sb_start_write|sb_start_write)$/.test(name)),
  );
  return {
    messageId: 'waits',
    subject: { kind: 'process', id: String(first.pid), name: first.comm },
    data: {
      threads: counted(threads),
      comm: first.comm,
      pid: first.pid,
      where: first.waitsIn === '' ? '' : ` (${first.waitsIn})`,
    },
    evidence: threads.slice(0, 3).map(evidence),
    advice: [
      {
        title: isFrozen
          ? 'A frozen file system looks so: thaw what a backup left frozen (fsfreeze --unfreeze MOUNT)'
          : 'See which disk does not answer',
        risk: 'safe',
        commands: [
          ['dmesg', '--level=err,warn'],
          ['cat', `/proc/${first.pid}/task/${first.tid}/stack`],
        ],
      },
    ],
  };
}

function counted(threads: StalledThread[]): string {
  return threads.length === 1 ? '1 thread' : `${threads.length} threads`;
}

function evidence({ pid, tid, comm, waitsIn, stack }: StalledThread): Finding['evidence'][number] {
  const value = `${comm}: ${stack.slice(0, 4).join(' < ') || waitsIn || 'state D'}`;
  return { fact: 'stalls', at: `/proc/${pid}/task/${tid}/stack`, value };
}
