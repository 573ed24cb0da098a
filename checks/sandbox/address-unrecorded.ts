import {
  ageOf,
  completeValue,
  defineCheck,
  type Finding,
  pinsByPath,
  runPath,
  sandboxName,
  sandboxViews,
  type UnrecordedAddress,
  unrecordedAddresses,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/address-unrecorded',
    title: "Every sandbox's address is recorded",
    failureTitle: 'Sandboxes whose address the runtime did not write down',
    why: 'A runtime that starts knows of its sandboxes what it wrote down. One without an address makes kubelet take the sandbox for changed: it kills the pod and makes it anew, all of them at once.',
    proof:
      "The record of a ready sandbox in containerd's store has no address, while the network namespace of its pause has one, and is still pinned.",
    neverReports: [
      'hostNetwork sandboxes, and networks that give no address',
      'a sandbox that is being made: the address is written down after it is there',
      'a sandbox that lost its pin, which shows no address either (netns/pin-lost)',
    ],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['store', 'sandboxes', 'processes', 'networks', 'pins', 'host', 'endpoints'],
    wants: ['bundles', 'runtime', 'runtimeConfig'],
    messages: {
      forgets:
        '{{pod}} has {{addresses}}, but containerd {{version}} did not record it: its next restart makes kubelet restart the pod',
      forgot:
        '{{pod}} has {{addresses}}, but containerd {{version}} has started since and knows of none: kubelet takes the pod for changed and restarts it',
    },
    references: [
      'https://github.com/containerd/containerd/issues/7843',
      'https://github.com/containerd/containerd/issues/10363',
    ],
  },
  run(facts, { minAgeMs }) {
    const { host, networks } = facts;
    const pins = pinsByPath(facts.pins.pins);
    const startedAt = completeValue(facts.runtimeConfig)?.daemonStartedAt ?? null;
    const version = completeValue(facts.runtime)?.version ?? '';
    return unrecordedAddresses(sandboxViews(facts), networks)
      .filter(({ view }) => view.pause && ageOf(host, view.pause) >= minAgeMs)
      .filter(({ view }) => pins.get(runPath(view.record?.netnsPath ?? ''))?.ns)
      .map((one) => {
        const bornAt = host.now - (one.view.pause ? ageOf(host, one.view.pause) : 0);
        const messageId = startedAt !== null && startedAt > bornAt ? 'forgot' : 'forgets';
        return finding(one, messageId, version, host.hostname);
      });
  },
});

function finding(
  { view, pod, addresses }: UnrecordedAddress,
  messageId: string,
  version: string,
  node: string,
): Finding {
  const name = sandboxName(view.id, view.meta);
  return {
    messageId,
    subject: { kind: 'sandbox', id: view.id, name },
    data: { pod: name, sandbox: view.id, addresses: addresses.join(', '), version },
    evidence: [
      { fact: 'store', at: `record ${view.id.slice(0, 13)}`, value: 'no address' },
      { fact: 'networks', at: pod.path, value: addresses.join(', ') },
    ],
    advice: [
      {
        title: 'Drain the node, then update containerd; do not restart it while pods are here',
        risk: 'disruptive',
        commands: [['kubectl', 'drain', '--ignore-daemonsets', '--delete-emptydir-data', node]],
      },
    ],
  };
}
