import {
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isKnownPod,
  type PodOwnersFact,
  type Sandbox,
  sandboxName,
} from '../../src/api.ts';

/** A kubelet that has just started may not have learnt of all its pods. */
const SYNCED_MS = 300_000;

export default defineCheck({
  meta: {
    id: 'sandbox/pod-deleted',
    title: 'Running sandboxes belong to pods that exist',
    failureTitle: 'Sandboxes of deleted pods run on',
    why: 'The pod is gone from the API, so nobody looks for it here, and it goes on working: on volumes and addresses that others may have by now. kubelet has forgotten it and does not stop it.',
    proof:
      "A ready sandbox, older than --min-age, whose pod's folder shows that kubelet made it, while neither kubelet's list of pods (the API server's, where kubelet's cannot be had) nor a static manifest has it.",
    neverReports: [
      'static pods, whose uid is a hash that the API does not know',
      'sandboxes that were made by hand: kubelet has no folder of them',
      'anything while kubelet is down, or in the first five minutes of it',
    ],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['sandboxes', 'podOwners', 'host', 'endpoints'],
    wants: ['kubelet'],
    messages: {
      deleted: '{{pod}} runs on, but {{source}} knows no such pod: it was deleted, and never stopped here',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/107730',
      'https://github.com/kubernetes/kubernetes/issues/108049',
    ],
  },
  run({ sandboxes, podOwners, host, endpoints, kubelet }, { minAgeMs }) {
    const none = { findings: [], problems: [] };
    if (podOwners.kubelet !== 'runs') return { ...none, skipped: 'kubelet does not run on this node' };
    if (podOwners.pods === null)
      return { ...none, skipped: `nobody lists the pods of this node: ${podOwners.why}` };
    const startedAt = completeValue(kubelet)?.startedAt;
    if (startedAt === undefined || host.now - startedAt < SYNCED_MS)
      return { ...none, skipped: 'kubelet may not know all its pods yet' };
    const made = new Set(podOwners.folders?.map((folder) => folder.uid));
    return sandboxes
      .filter((s) => s.state === 'ready' && !s.provider && host.now - s.createdAt >= minAgeMs)
      .filter((s) => made.has(s.uid) && isKnownPod(podOwners, s) === false)
      .map((s) => finding(s, podOwners, endpoints));
  },
});

function finding(sandbox: Sandbox, { source, folders }: PodOwnersFact, endpoints: EndpointsFact): Finding {
  const pod = sandboxName(sandbox.id, sandbox);
  const folder = folders?.find(({ uid }) => uid === sandbox.uid);
  return {
    messageId: 'deleted',
    subject: { kind: 'sandbox', id: sandbox.id, name: pod },
    data: { pod, sandbox: sandbox.id, uid: sandbox.uid, source },
    evidence: [
      { fact: 'sandboxes', at: `sandbox ${sandbox.id.slice(0, 13)}`, value: `READY, pod ${sandbox.uid}` },
      { fact: 'podOwners', at: source, value: 'does not list it' },
      ...(folder ? [{ fact: 'podOwners' as const, at: folder.path, value: 'kubelet made it' }] : []),
    ],
    advice: [
      {
        title: 'Restart kubelet: it looks for what it does not know',
        risk: 'safe',
        commands: [['systemctl', 'restart', 'kubelet']],
      },
      {
        title: 'If it still runs after that, end it',
        risk: 'destructive',
        commands: [crictl(endpoints, 'stopp', sandbox.id), crictl(endpoints, 'rmp', sandbox.id)],
      },
    ],
  };
}
