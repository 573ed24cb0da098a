import {
  type AgentSeen,
  type AgentState,
  agentOf,
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  winningConf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/agent-state-missing',
    title: "What the pod network's agent keeps for its plugin is there",
    failureTitle: "What the pod network's agent keeps for its plugin is missing",
    why: 'The configuration of a network outlives a reboot, and what its agent keeps under /run does not. The node reports that its network is ready, and every new pod fails until the agent is back: flannel without subnet.env, Calico without nodename, Cilium without its socket.',
    proof:
      'The configuration in force names a plugin that cannot work without a certain file or socket, and that is missing, lacks what is read from it, or nobody listens on it.',
    neverReports: [
      'an agent that was started in the last minutes, or a node that was booted in them (info)',
      'plugins of configurations that are not in force',
      "a file that the plugin's configuration says it can do without",
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniAgents', 'cniConf', 'runtime', 'host', 'endpoints'],
    wants: ['containers', 'processes'],
    messages: {
      missing: 'the plugin {{plugin}} needs {{path}}, which is missing: pods get no network{{agent}}',
      deaf: 'the plugin {{plugin}} needs the socket {{path}}, on which nobody listens{{agent}}',
      malformed: 'the plugin {{plugin}} needs {{path}}, which lacks what it reads from it{{agent}}',
      starting:
        'the plugin {{plugin}} waits for {{path}}: {{name}} or the node was started {{minutes}} min ago',
    },
    explains: [
      { check: 'runtime/not-ready', same: 'condition' },
      { check: 'runtime/sandboxes-fail', same: 'condition' },
      { check: 'canary/*', same: 'network' },
    ],
    references: [
      'https://github.com/flannel-io/flannel/issues/2253',
      'https://github.com/projectcalico/calico/issues/13884',
      'https://github.com/cilium/cilium/issues/40345',
    ],
  },
  run({ cniAgents, cniConf, host, endpoints, containers, processes }) {
    const network = winningConf(cniConf)?.name;
    const seen = { containers: completeValue(containers), processes: completeValue(processes) };
    return cniAgents.states
      .filter((one) => one.network === network && one.state !== 'there')
      .map((one) => {
        const agent =
          seen.containers && seen.processes
            ? agentOf(one.plugin, host, seen.containers, seen.processes)
            : null;
        const age = agent?.runs ? Math.min(agent.age, host.uptime * 1000) : host.uptime * 1000;
        return finding(one, agent, age, endpoints);
      });
  },
});

const START_MS = 180_000;

function finding(
  { plugin, network, path, state, kind }: AgentState,
  agent: AgentSeen | null,
  age: number,
  endpoints: EndpointsFact,
): Finding {
  const isYoung = age < START_MS;
  const name = agent?.name ?? 'its agent';
  return {
    messageId: isYoung ? 'starting' : state,
    ...(isYoung ? { severity: 'info' as const } : {}),
    subject: { kind: 'file', id: path, name: plugin },
    data: {
      plugin,
      network,
      path,
      name,
      condition: 'NetworkReady',
      minutes: Math.floor(age / 60_000),
      agent: agent === null ? '' : agent.runs ? `, though ${name} runs` : `; ${name} does not run here`,
    },
    evidence: [
      {
        fact: 'cniAgents',
        at: path,
        value: kind === 'socket' && state === 'deaf' ? 'nobody listens' : state,
      },
      { fact: 'cniConf', at: `network ${network}`, value: `plugin ${plugin}` },
      ...(agent
        ? [{ fact: 'containers' as const, at: name, value: agent.runs ? 'runs' : 'does not run' }]
        : []),
    ],
    advice: isYoung
      ? []
      : [
          {
            title: `See why ${name} does not write it; do not write it by hand`,
            risk: 'safe',
            commands: [crictl(endpoints, 'ps', '-a', ...(agent ? ['--name', agent.name] : []))],
          },
        ],
  };
}
