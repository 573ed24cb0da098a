import {
  type Advice,
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type KeptNetwork,
  keptNetwork,
  podctlGc,
  type SandboxView,
  sandboxName,
  sandboxViews,
  type TeardownFault,
  teardownFault,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/network-kept',
    title: 'Dead sandboxes have given their network back',
    failureTitle: 'Dead sandboxes keep their network',
    why: 'A runtime stops a sandbox only when its network could be taken down. Where that fails, the pod stays Terminating for ever, and its name, address and network namespace are held; bringing back what is missing lets the next try through.',
    proof:
      'A sandbox that is listed as not ready, of which no process runs, and whose network namespace is still pinned. Whether it can be taken down is told by what the runtime has loaded, the plugins on disk and the cached result.',
    neverReports: [
      'a sandbox that was stopped: its pin is gone',
      'a sandbox whose containers run on (sandbox/anchor-lost)',
      'a cached result that this runtime does without',
    ],
    severity: 'error',
    tags: ['sandbox', 'cni'],
    needs: ['sandboxes', 'processes', 'host', 'endpoints', 'pins', 'cniCache'],
    wants: ['containers', 'store', 'bundles', 'runtime', 'reservations', 'cniConf', 'cniPlugins'],
    messages: {
      noConfig:
        '{{pod}} cannot be stopped: the runtime has loaded no network configuration from {{folders}}, so {{held}} stay held',
      noPlugin:
        '{{pod}} cannot be stopped: the CNI plugin {{plugin}} of network {{network}} cannot be run from {{folders}}, so {{held}} stay held',
      cacheDamaged: '{{pod}} cannot be stopped: its cached CNI result is damaged, so {{held}} stay held',
      halfMade:
        '{{pod}} could not be made, nor taken back: {{held}} and its name stay held until it is removed',
      unstopped: '{{pod}} is dead, but was not stopped: {{held}} stay held until it is',
    },
    references: [
      'https://github.com/containerd/cri/issues/732',
      'https://github.com/projectcalico/calico/issues/7220',
      'https://github.com/containerd/containerd/issues/10842',
    ],
  },
  run(facts, { minAgeMs }) {
    const { host, pins, cniCache, endpoints } = facts;
    const runtime = completeValue(facts.runtime);
    const containers = completeValue(facts.containers);
    const fault = teardownFault(facts.runtime, facts.cniConf, facts.cniPlugins, host);
    const is1 = runtime?.name === 'containerd' && runtime.version.startsWith('1.');
    const isHalf = (id: string) => completeValue(facts.store)?.halves?.some((h) => h.id === id) ?? false;
    return sandboxViews(facts)
      .filter((view) => !isHalf(view.id) && host.now - bornAt(view) >= minAgeMs)
      .flatMap((view) => {
        const kept = keptNetwork(view, pins, cniCache, facts.reservations);
        if (kept === null) return [];
        const damaged = is1 && kept.entries.some((e) => e.state === 'empty' || e.state === 'malformed');
        const isBare = containers?.every((c) => c.sandboxId !== view.id) ?? false;
        const messageId =
          fault?.kind ??
          (damaged ? 'cacheDamaged' : is1 && isBare && kept.entries.length === 0 ? 'halfMade' : 'unstopped');
        return [finding(view, kept, messageId, fault, endpoints)];
      });
  },
});

/** The list tells no time of a sandbox that was never made. */
function bornAt({ listed, record }: SandboxView): number {
  return listed && listed.createdAt > 0 ? listed.createdAt : (record?.createdAt ?? 0);
}

const SEVERITY = { halfMade: 'warning', unstopped: 'info' } as const;

function finding(
  view: SandboxView,
  kept: KeptNetwork,
  messageId: TeardownFault['kind'] | 'cacheDamaged' | 'halfMade' | 'unstopped',
  fault: TeardownFault | null,
  endpoints: EndpointsFact,
): Finding {
  const { id, meta } = view;
  const pod = sandboxName(id, meta);
  const severity = messageId in SEVERITY ? SEVERITY[messageId as keyof typeof SEVERITY] : 'error';
  return {
    messageId,
    severity,
    subject: { kind: 'sandbox', id, name: pod },
    data: {
      pod,
      sandbox: id,
      container: id,
      network: kept.entries[0]?.network || fault?.network || '',
      plugin: fault?.plugins.join(', ') ?? '',
      folders: fault?.folders.join(', ') ?? '',
      ...(fault?.kind === 'noConfig' ? { condition: 'NetworkReady' } : {}),
      held: [...kept.addresses, kept.pin].join(' and '),
      path: kept.pin,
    },
    evidence: [
      { fact: 'sandboxes', at: `sandbox ${id.slice(0, 13)}`, value: 'NOTREADY, no live process' },
      { fact: 'pins', at: kept.pin, value: 'mounted' },
      ...kept.entries.map((e) => ({ fact: 'cniCache' as const, at: e.path, value: e.state })),
      ...(fault?.plugins.map((type) => ({
        fact: 'cniPlugins' as const,
        at: fault.folders.map((folder) => `${folder}/${type}`).join(', '),
        value: 'cannot be run',
      })) ?? []),
    ],
    advice: adviceOf(view, kept, messageId, fault, endpoints),
  };
}

const FIRST: Record<string, string> = {
  noConfig: 'Put the network configuration back (it is taken over at once), then',
  noPlugin: 'Install the plugin again, then',
  cacheDamaged: 'Remove the damaged file, then',
  halfMade: 'Once the plugin works again (the error names it),',
  unstopped: 'If kubelet does not do it within a minute,',
};

function adviceOf(
  { id }: SandboxView,
  { entries }: KeptNetwork,
  messageId: string,
  fault: TeardownFault | null,
  endpoints: EndpointsFact,
): Advice[] {
  const look = {
    noConfig: fault?.folders.map((folder) => ['ls', '-l', folder]) ?? [],
    noPlugin: fault?.plugins.map((type) => ['ls', '-l', ...fault.folders.map((f) => `${f}/${type}`)]) ?? [],
    cacheDamaged: entries.filter((e) => e.state !== 'whole').map((e) => ['rm', e.path]),
  }[messageId];
  return [
    {
      title: `${FIRST[messageId]} remove the sandbox`,
      risk: 'disruptive',
      commands: [
        ...(look ?? []),
        crictl(endpoints, 'stopp', id),
        crictl(endpoints, 'rmp', id),
        // What ADD did not report containerd 1.7 does not take down.
        ...(messageId === 'halfMade' ? [podctlGc(endpoints, 'ipam')] : []),
      ],
    },
  ];
}
