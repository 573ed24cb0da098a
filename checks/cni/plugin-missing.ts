import {
  type CniPlugin,
  completeValue,
  defineCheck,
  type Finding,
  keyOf,
  pluginFault,
  pluginNode,
  winningConf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/plugin-missing',
    title: 'The CNI plugins that pods need can be run',
    failureTitle: 'CNI plugins that pods need cannot be run',
    why: 'The node reports that its network is ready, and yet every new pod fails; each failed try may keep an address. Agents ship their own program only, and an upgrade may empty the folder.',
    proof:
      "Of the plugins that the configuration in force names (their IPAM plugins, those that they hand over to, and containerd's loopback), none of the runtime's folders has a regular file of that name, or the first one is not executable, or it was built for another machine.",
    neverReports: [
      'plugins of configurations that are not in force and that no sandbox was attached with',
      'the loopback, where the runtime brings it up itself',
      'a node image without a network configuration: what writes one brings the plugins along',
      'scripts, and programs that this machine can run as well (32 bit)',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniPlugins', 'cniConf'],
    wants: ['runtime', 'host', 'runtimeConfig', 'nodeImage', 'cniCache', 'sandboxes'],
    messages: {
      missing: 'the CNI plugin {{plugin}}{{need}} is in none of {{folders}}: no pod gets a network',
      notExecutable: 'the CNI plugin {{path}}{{need}} is not executable: no pod gets a network',
      otherMachine: 'the CNI plugin {{path}}{{need}} is for {{machine}}, and this node is {{arch}}',
      forRemoval:
        '{{plugin}} is gone, by which pods of the network {{network}} were attached: what they hold may stay behind',
    },
    explains: [
      { check: 'canary/*', same: 'network' },
      { check: 'cni/leaked-reservation', same: 'network' },
      { check: 'sandbox/network-kept', same: 'plugin' },
      { check: 'runtime/not-ready', same: 'condition' },
      { check: 'runtime/sandboxes-fail', same: 'condition' },
    ],
    references: [
      'https://github.com/kubernetes/kubernetes/issues/62054',
      'https://github.com/rancher/rke2/issues/7981',
    ],
  },
  run({ cniPlugins, cniConf, cniCache, sandboxes, ...seen }) {
    const node = pluginNode(seen);
    if ('problems' in node) return { findings: [], ...node };
    const network = winningConf(cniConf)?.name ?? '';
    const listed = new Set(completeValue(sandboxes)?.map(({ id }) => id));
    const keys = completeValue(cniCache)?.entries.map(keyOf) ?? [];
    const held = new Set(keys.flatMap((key) => (key && listed.has(key.containerId) ? [key.network] : [])));
    return cniPlugins.plugins.flatMap((plugin): Finding[] => {
      const fault = pluginFault(plugin, node);
      if (fault === null) return [];
      const data = {
        plugin: plugin.type,
        network,
        condition: 'NetworkReady',
        folders: cniPlugins.binDirs.join(', '),
        path: plugin.path ?? '',
        machine: plugin.machine,
        arch: node.arch,
        need: needText(plugin, node.runtime),
      };
      if (plugin.neededBy.some(({ from }) => from !== 'cache')) return [finding(fault, plugin, data)];
      const old = plugin.neededBy.find((need) => held.has(need.network));
      return old
        ? [{ ...finding('forRemoval', plugin, { ...data, network: old.network }), severity: 'info' }]
        : [];
    });
  },
});

/** Who needs it, where its name does not tell. */
function needText({ neededBy }: CniPlugin, runtime: string): string {
  const need = neededBy.find(({ from }) => from !== 'cache');
  if (need?.role === 'loopback') return `, which ${runtime} runs in every sandbox,`;
  if (need?.role === 'ipam') return ', which gives addresses,';
  return need?.role === 'delegate' ? ', which another plugin hands over to,' : '';
}

function finding(
  messageId: string,
  { type, path, neededBy, machine }: CniPlugin,
  data: Finding['data'],
): Finding {
  const places = String(data.folders).split(', ');
  return {
    messageId,
    subject: { kind: 'file', id: path ?? `${places[0] ?? ''}/${type}`, name: type },
    data,
    evidence: [
      ...(path === null ? places.map((folder) => `${folder}/${type}`) : [path]).map((at) => ({
        fact: 'cniPlugins' as const,
        at,
        value: path === null ? 'missing' : messageId === 'otherMachine' ? machine : 'not executable',
      })),
      ...neededBy.map(({ from, network, role }) => ({
        fact: from === 'cache' ? ('cniCache' as const) : ('cniConf' as const),
        at: network === '' ? 'every sandbox' : `network ${network}`,
        value: `${role} ${type}`,
      })),
    ],
    advice: [
      messageId === 'notExecutable'
        ? { title: 'Make it executable', risk: 'safe', commands: [['chmod', '755', path ?? '']] }
        : {
            title: "Install the CNI plugins for this machine (or let the network's agent install its own)",
            risk: 'safe',
            commands: [['ls', '-l', ...places]],
          },
    ],
  };
}
