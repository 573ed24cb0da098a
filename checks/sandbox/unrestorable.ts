import {
  type CrioStorageFact,
  defineCheck,
  type Finding,
  inhabitedIds,
  isOldFile,
  type StoredSandbox,
  storedSandboxes,
} from '../../src/api.ts';

type Shm = CrioStorageFact['shm'][number];

export default defineCheck({
  meta: {
    id: 'sandbox/unrestorable',
    title: 'CRI-O can take up every sandbox of its storage again',
    failureTitle: 'CRI-O cannot take up sandboxes of its storage again',
    why: 'What CRI-O cannot read at its start it does not list: kubelet and crictl cannot see or remove such a pod any more, while its name, its pins and its address stay taken and removals fail as busy.',
    proof:
      "CRI-O's storage names the sandbox; its config.json is missing or empty, or CRI-O, which was asked before, does not list it. Or the shared memory of a sandbox that neither lists is still mounted where CRI-O sees it.",
    neverReports: [
      'sandboxes younger than --min-age, which may be being made or removed',
      "podman's containers, which share the storage",
      'shared memory of sandboxes that CRI-O lists or has in its storage',
    ],
    severity: 'error',
    tags: ['sandbox'],
    needs: ['crioStorage', 'sandboxes', 'processes', 'host'],
    messages: {
      specLost:
        '{{pod}} will be lost at the next start of CRI-O: {{path}} is {{state}}, and it is restored from that',
      invisible:
        '{{pod}} cannot be seen or removed: it is in the storage of CRI-O, which does not list it ({{path}} is {{state}})',
      shmHeld: 'Shared memory of a sandbox that CRI-O does not know any more is still mounted at {{path}}',
    },
    references: ['https://github.com/cri-o/cri-o/issues/5569', 'https://github.com/cri-o/cri-o/issues/8401'],
  },
  run({ crioStorage, sandboxes, processes, host }, { minAgeMs }) {
    const listed = new Set(sandboxes.map(({ id }) => id));
    const stored = new Set(crioStorage.sandboxes.map(({ id }) => id));
    const alive = inhabitedIds(processes);
    return [
      ...storedSandboxes(crioStorage, host, minAgeMs)
        .filter(({ id, spec }) => !listed.has(id) || spec.state !== 'there')
        .map((one) => (listed.has(one.id) ? specLost(one) : invisible(one))),
      ...crioStorage.shm
        .filter(({ sandboxId: id }) => !listed.has(id) && !stored.has(id) && !alive.has(id))
        .filter(({ mtime }) => isOldFile(host, mtime, minAgeMs))
        .map((one) => shmHeld(one)),
    ];
  },
});

const RESTART = {
  title:
    'Let CRI-O look for damage in its storage: it checks and repairs it when it starts (internal_repair)',
  risk: 'disruptive' as const,
  commands: [
    ['systemctl', 'stop', 'kubelet.service'],
    ['systemctl', 'restart', 'crio.service'],
    ['systemctl', 'start', 'kubelet.service'],
  ],
};

function findingOf(messageId: string, { id, pod, spec }: StoredSandbox, listing: string): Finding {
  const { path, state } = spec;
  return {
    messageId,
    subject: { kind: 'sandbox', id, name: pod },
    data: { pod, sandbox: id, path, state },
    evidence: [
      { fact: 'crioStorage', at: path, value: state },
      { fact: 'sandboxes', at: `sandbox ${id.slice(0, 13)}`, value: listing },
    ],
    advice: [RESTART],
  };
}

function specLost(one: StoredSandbox): Finding {
  return { ...findingOf('specLost', one, 'listed'), severity: 'warning' };
}

function invisible(one: StoredSandbox): Finding {
  return findingOf('invisible', one, 'not listed');
}

function shmHeld({ sandboxId, path }: Shm): Finding {
  return {
    messageId: 'shmHeld',
    severity: 'warning',
    subject: { kind: 'file', id: path },
    data: { path, sandbox: sandboxId },
    evidence: [
      { fact: 'crioStorage', at: path, value: 'mounted' },
      {
        fact: 'sandboxes',
        at: `sandbox ${sandboxId.slice(0, 13)}`,
        value: 'not listed, and not in the storage',
      },
    ],
    advice: [{ title: 'Unmount it', risk: 'disruptive', commands: [['umount', path]] }],
  };
}
