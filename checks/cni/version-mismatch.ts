import {
  type CniPlugin,
  defineCheck,
  type Finding,
  networkFault,
  type RuntimeFact,
  winningConf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/version-mismatch',
    title: 'The CNI plugins speak the version that the configuration asks for',
    failureTitle: 'CNI plugins do not speak the version that the configuration asks for',
    why: 'A configuration that is newer than the plugins is loaded without a word, and then every ADD and DEL fails. containerd 2 reports "missing containerID", which says nothing of versions.',
    proof:
      'A plugin of the configuration in force, asked by the harmless verb VERSION, does not name the version that the runtime has loaded; or the runtime reports "missing containerID", as plugins do that do not know STATUS.',
    neverReports: [
      'plugins that were not asked, since the version is one that all speak or the runtime tried it on them',
      'plugins that another plugin hands over to, which choose a version of their own',
      'a configuration without a version, which is the first one',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniPlugins', 'cniConf', 'runtime'],
    messages: {
      unsupported: '{{path}} asks for CNI {{wanted}}, but the plugin {{plugin}} speaks {{spoken}}',
      refused:
        '{{path}} asks for CNI {{wanted}}, and {{runtime}} reports "{{said}}": a plugin does not know that version',
    },
    explains: [
      { check: 'runtime/not-ready', same: 'condition' },
      { check: 'runtime/sandboxes-fail', same: 'condition' },
      { check: 'canary/*', same: 'network' },
    ],
    references: [
      'https://github.com/containerd/containerd/issues/6876',
      'https://github.com/kubernetes/kubernetes/issues/109686',
    ],
  },
  run({ cniPlugins, cniConf, runtime }) {
    const winner = winningConf(cniConf);
    if (winner === undefined || winner.problem !== '') return [];
    const loaded = runtime.cniNetworks?.find(({ name }) => name === winner.name)?.cniVersion;
    const wanted = loaded || winner.cniVersion;
    const asked = cniPlugins.plugins.filter(
      ({ versions, neededBy }) =>
        versions !== null &&
        neededBy.some(({ from, role }) => from === 'configuration' && role !== 'delegate'),
    );
    const unable = asked.filter(({ versions }) => !versions?.includes(wanted));
    const said = networkFault(runtime) ?? '';
    const base = { path: winner.path, network: winner.name, wanted, said };
    if (unable.length > 0) return unable.map((plugin) => finding('unsupported', base, runtime, plugin));
    return said.includes('missing containerID') ? [finding('refused', base, runtime)] : [];
  },
});

function finding(
  messageId: string,
  base: { path: string; network: string; wanted: string; said: string },
  { endpoint, name: runtime }: RuntimeFact,
  plugin?: CniPlugin,
): Finding {
  const spoken = plugin?.versions?.at(-1) ?? '';
  return {
    messageId,
    subject: { kind: 'file', id: plugin?.path ?? base.path, ...(plugin ? { name: plugin.type } : {}) },
    data: {
      ...base,
      runtime,
      condition: 'NetworkReady',
      plugin: plugin?.type ?? '',
      spoken: plugin?.versions?.join(', ') || 'none',
    },
    evidence: [
      { fact: 'cniConf', at: base.path, value: `cniVersion ${base.wanted}` },
      ...(plugin
        ? [
            {
              fact: 'cniPlugins' as const,
              at: `${plugin.path ?? ''}, VERSION`,
              value: plugin.versions?.join(' ') ?? '',
            },
          ]
        : []),
      ...(base.said === '' ? [] : [{ fact: 'runtime' as const, at: endpoint, value: base.said }]),
    ],
    advice: [
      {
        title: `Install plugins that speak ${base.wanted}${spoken ? `, or write "cniVersion": "${spoken}"` : ', or name an older version'}`,
        risk: 'disruptive',
        commands: [['grep', 'cniVersion', base.path]],
      },
    ],
  };
}
