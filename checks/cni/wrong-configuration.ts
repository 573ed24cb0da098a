import {
  agentOf,
  type CniCacheFact,
  type CniConfFile,
  type Container,
  completeValue,
  defineCheck,
  type Finding,
  type HostFact,
  otherConfs,
  type Process,
  type Sandbox,
  winningConf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/wrong-configuration',
    title: 'The network configuration that wins is the one that is meant',
    failureTitle: 'Another network configuration wins than the one that is meant',
    why: 'One file decides: the first one in the order of names. A sample of a distribution, or what a removed network left behind, gives new pods addresses that nothing routes, and two nodes the same ones.',
    proof:
      "The file that the runtime takes is a distribution's sample before one whose plugin has an agent; or the agent of its plugin does not run here and that of a later file does; or ready pods are attached to the network of a later file and not to its own.",
    neverReports: [
      'one configuration alone, whatever it is, and configurations of loopbacks',
      'pods that are attached to the network that wins and to others beside it, as Multus does',
      'a removed network whose file comes later, and so is not used',
      'agents that run on the node itself, as flannel in k3s',
    ],
    severity: 'warning',
    tags: ['cni'],
    needs: ['cniConf', 'runtime', 'host'],
    wants: ['cniCache', 'sandboxes', 'containers', 'processes'],
    messages: {
      agentGone:
        '{{path}} is of {{plugin}}, whose agent does not run here, and wins over {{other}} of {{otherPlugin}}, whose agent does',
      sample: '{{path}}, a sample of {{origin}}, wins over {{other}} of {{otherPlugin}}',
      otherNetwork:
        'new pods get the network {{network}} of {{path}}, but {{count}} ready pods have {{otherNetwork}} of {{other}}, which comes later',
      several: '{{path}} is used (network {{network}}); {{others}} come later and are not',
    },
    explains: [
      { check: 'canary/*', same: 'network' },
      { check: 'cni/agent-state-missing', same: 'network' },
      { check: 'cni/credentials-expired', same: 'network' },
    ],
    references: [
      'https://github.com/cri-o/cri-o/issues/2411',
      'https://github.com/flannel-io/flannel/issues/1437',
      'https://github.com/cilium/cilium/issues/27715',
    ],
  },
  run({ cniConf, host, cniCache, sandboxes, containers, processes }) {
    const winner = winningConf(cniConf);
    const others = otherConfs(cniConf).filter(({ problem }) => problem === '');
    if (winner === undefined || winner.problem !== '' || others.length === 0) return [];
    const seen = { containers: completeValue(containers), processes: completeValue(processes) };
    return [
      agentGone(winner, others, host, seen.containers, seen.processes) ??
        sample(winner, others, host) ??
        otherNetwork(winner, others, completeValue(cniCache), completeValue(sandboxes)) ??
        several(winner, others),
    ];
  },
});

/** Names of the networks in the samples that distributions ship. */
const SAMPLES: Readonly<Record<string, string>> = {
  'containerd-net': 'containerd',
  crio: 'CRI-O',
  'crio-bridge': 'CRI-O',
  podman: 'podman',
  nerdctl: 'nerdctl',
};

function sample(winner: CniConfFile, others: readonly CniConfFile[], host: HostFact): Finding | null {
  const origin = Object.hasOwn(SAMPLES, winner.name) ? SAMPLES[winner.name] : undefined;
  const other = others.find((one) => withAgent(one, host) !== undefined);
  if (origin === undefined || other === undefined) return null;
  return finding('sample', winner, other, { origin, otherPlugin: withAgent(other, host) ?? '' });
}

function agentGone(
  winner: CniConfFile,
  others: readonly CniConfFile[],
  host: HostFact,
  containers: Container[] | undefined,
  processes: Process[] | undefined,
): Finding | null {
  if (containers === undefined || processes === undefined) return null;
  const runs = (plugin: string) => agentOf(plugin, host, containers, processes)?.runs;
  const plugin = withAgent(winner, host);
  const other = others.find((one) => runs(withAgent(one, host) ?? '') === true);
  if (plugin === undefined || runs(plugin) !== false || other === undefined) return null;
  return finding('agentGone', winner, other, { plugin, otherPlugin: withAgent(other, host) ?? '' });
}

function withAgent({ plugins }: CniConfFile, host: HostFact): string | undefined {
  return plugins.find(({ type }) => agentOf(type, host, [], []) !== null)?.type;
}

function otherNetwork(
  winner: CniConfFile,
  others: readonly CniConfFile[],
  cache: CniCacheFact | undefined,
  sandboxes: Sandbox[] | undefined,
): Finding | null {
  const ready = (sandboxes ?? []).filter(({ state, provider }) => state === 'ready' && !provider);
  const networksOf = (id: string) =>
    (cache?.entries ?? []).filter((e) => e.containerId === id).map((e) => e.network);
  const attached = ready.map(({ id }) => networksOf(id)).filter((names) => !names.includes(winner.name));
  const counts = others.map((other) => attached.filter((names) => names.includes(other.name)).length);
  const count = Math.max(...counts);
  const other = others[counts.indexOf(count)];
  if (count === 0 || other === undefined) return null;
  return finding('otherNetwork', winner, other, { count, otherNetwork: other.name });
}

function several(winner: CniConfFile, others: readonly CniConfFile[]): Finding {
  const [first] = others;
  const names = others.map(({ path }) => path).join(', ');
  return {
    ...finding('several', winner, first ?? winner, { others: names }),
    severity: 'info',
    advice: [],
  };
}

function finding(
  messageId: string,
  winner: CniConfFile,
  other: CniConfFile,
  data: Record<string, string | number>,
): Finding {
  const told = ({ path, name, plugins }: CniConfFile) => ({
    fact: 'cniConf' as const,
    at: path,
    value: `network ${name}: ${plugins.map(({ type }) => type).join(', ')}`,
  });
  return {
    messageId,
    subject: { kind: 'file', id: winner.path },
    data: { path: winner.path, network: winner.name, other: other.path, ...data },
    evidence: [told(winner), told(other)],
    advice: [
      {
        title:
          'Move the file that is not meant out of the folder, then have pods with its addresses made anew',
        risk: 'disruptive',
        commands: [['mv', winner.path, '/root/']],
      },
    ],
  };
}
