import {
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  type HandedOver,
  isOldFile,
  type Sandbox,
  sandboxName,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/delegate-state-damaged',
    title: 'What delegating CNI plugins noted of each sandbox can be read',
    failureTitle: 'What a delegating CNI plugin noted of sandboxes is damaged',
    why: 'flannel and Multus write down, for each sandbox, whom they handed over to, and read that when it goes. A crash or a full disk leaves the file empty: the pod stays Terminating for ever, with "unexpected end of JSON input" and no name of a file.',
    proof:
      "A file of the plugin's folder, named after a sandbox and older than --min-age, that is empty or no JSON.",
    neverReports: [
      'a file that is being written',
      'files of sandboxes that are not listed: nothing reads them (info)',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniAgents', 'host', 'sandboxes', 'endpoints'],
    wants: ['cniCache'],
    messages: {
      blocks: '{{pod}} cannot be stopped: {{path}}, by which {{plugin}} knows its networks, is {{state}}',
      leftover: '{{path}} of {{plugin}} is {{state}}, and its sandbox is not listed: nothing will read it',
    },
    references: [
      'https://github.com/flannel-io/flannel/issues/1662',
      'https://github.com/k8snetworkplumbingwg/multus-cni/issues/948',
    ],
  },
  run({ cniAgents, host, sandboxes, endpoints, cniCache }, { minAgeMs }) {
    const listed = new Map(sandboxes.map((sandbox) => [sandbox.id, sandbox]));
    const entries = completeValue(cniCache)?.entries ?? [];
    return cniAgents.handedOver
      .filter(({ state, mtime }) => DAMAGED.includes(state) && isOldFile(host, mtime, minAgeMs))
      .map((file) => {
        const addresses = entries
          .filter((e) => e.containerId === file.containerId)
          .flatMap((e) => e.addresses);
        return finding(file, listed.get(file.containerId), addresses, endpoints);
      });
  },
});

const DAMAGED: readonly string[] = ['empty', 'malformed'];

function finding(
  { plugin, network, path, containerId, state }: HandedOver,
  sandbox: Sandbox | undefined,
  addresses: readonly string[],
  endpoints: EndpointsFact,
): Finding {
  const pod = sandbox ? sandboxName(sandbox.id, sandbox) : '';
  return {
    messageId: sandbox ? 'blocks' : 'leftover',
    ...(sandbox ? {} : { severity: 'info' as const }),
    subject: { kind: 'file', id: path, ...(pod === '' ? {} : { name: pod }) },
    data: {
      pod,
      plugin,
      network,
      path,
      container: containerId,
      sandbox: sandbox?.id ?? '',
      state: state === 'empty' ? 'empty' : 'no JSON',
    },
    evidence: [
      { fact: 'cniAgents', at: path, value: state },
      ...(sandbox
        ? [
            {
              fact: 'sandboxes' as const,
              at: `sandbox ${sandbox.id.slice(0, 13)}`,
              value: sandbox.state.toUpperCase(),
            },
          ]
        : []),
    ],
    advice: [
      {
        title: sandbox
          ? `Remove the file, stop the sandbox, then free what it held${addresses.length > 0 ? ` (${addresses.join(', ')})` : ''}`
          : 'Remove the file',
        risk: sandbox ? 'disruptive' : 'safe',
        commands: sandbox
          ? [['rm', path], crictl(endpoints, 'stopp', sandbox.id), ['podctl', 'gc', 'ipam']]
          : [['rm', path]],
      },
    ],
  };
}
