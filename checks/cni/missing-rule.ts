import {
  type CniCacheEntry,
  type CniRules,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isOldFile,
  portText,
  repairOwn,
  type Sandbox,
  sameAddress,
  sandboxName,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/missing-rule',
    title: 'The firewall rules of sandboxes are there',
    failureTitle: 'Firewall rules of CNI are gone while their sandboxes run',
    why: 'CNI writes its rules once, when a sandbox is made. Who reloads or clears the firewall takes them away for good: hostPorts are refused and pods do not reach the world, while everything is shown as ready.',
    proof:
      "The cached CNI result of a ready sandbox says that ports were to be published or its traffic masqueraded. The node's NAT table, of every kind that a program here can show, has no such rules for it, or nothing leads to them.",
    neverReports: [
      'sandboxes younger than --min-age, and those that are not ready',
      'networks whose configuration has neither portmap nor ipMasq, and pods without hostPorts',
      'nodes on which the firewall cannot be read whole',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['firewall', 'sandboxes', 'cniCache', 'host', 'endpoints'],
    messages: {
      ports: '{{pod}} has no rule for port {{port}} of the node: connections to it are not led into the pod',
      unreached: '{{pod}} has rules for port {{port}} of the node, but nothing leads to them',
      masquerade: '{{pod}} has no rule that masquerades {{address}}: it does not reach beyond the node',
    },
    identity: ['port', 'network'],
    references: [
      'https://github.com/containernetworking/cni/issues/778',
      'https://github.com/kubernetes/kubernetes/issues/93091',
    ],
  },
  run({ firewall, sandboxes, cniCache, host, endpoints }, { minAgeMs }) {
    const ready = new Map(sandboxes.filter((s) => s.state === 'ready').map((s) => [s.id, s]));
    const canSee = (address: string) =>
      firewall.read.some(
        ({ backend, family }) => backend !== 'nftables' && family === (address.includes(':') ? 'ip6' : 'ip'),
      );
    return cniCache.entries.flatMap((entry) => {
      const sandbox = ready.get(entry.containerId);
      const { rules, addresses, mtime, confirmed } = entry;
      const isJudged = rules && confirmed && addresses.length > 0 && addresses.every(canSee);
      if (!sandbox || !isJudged || !isOldFile(host, mtime, minAgeMs)) return [];
      const own = firewall.rules.filter((one) => isOf(one, entry));
      const about = { sandbox, entry, endpoints };
      const findings: Finding[] = [];
      const ports = own.filter((one) => one.purpose === 'ports');
      const [port] = rules.ports.filter(({ hostIp }) => fits(hostIp, addresses));
      if (port && !ports.some((one) => one.reached))
        findings.push(finding(ports.length > 0 ? 'unreached' : 'ports', portText(port), about));
      if (rules.masquerade && !own.some((one) => one.purpose === 'masquerade' && one.reached))
        findings.push(finding('masquerade', '', about));
      return findings;
    });
  },
});

/** A comment may be cut off before the id ends: then the address tells. */
function isOf(one: CniRules, { containerId, addresses }: CniCacheEntry): boolean {
  const own = new Set(addresses.map(sameAddress));
  return one.containerId === '' ? own.has(sameAddress(one.address)) : one.containerId === containerId;
}

/** portmap leaves out what is to be published at an address of a family that the pod has none of. */
function fits(hostIp: string, addresses: readonly string[]): boolean {
  return hostIp === '' || addresses.some((address) => address.includes(':') === hostIp.includes(':'));
}

interface About {
  sandbox: Sandbox;
  entry: CniCacheEntry;
  endpoints: EndpointsFact;
}

function finding(messageId: string, port: string, { sandbox, entry, endpoints }: About): Finding {
  const pod = sandboxName(sandbox.id, sandbox);
  const isOwn = sandbox.provider === 'podctl';
  return {
    messageId,
    subject: { kind: 'sandbox', id: sandbox.id, name: pod },
    data: { pod, port, network: entry.network, sandbox: sandbox.id, address: entry.addresses.join(', ') },
    evidence: [
      { fact: 'cniCache', at: entry.path, value: port === '' ? 'ipMasq' : `asked for port ${port}` },
      {
        fact: 'firewall',
        at: 'table nat',
        value: messageId === 'unreached' ? 'its chain alone' : 'no rule of it',
      },
    ],
    advice: [
      {
        title: isOwn ? 'Have its network made anew' : 'Have it made anew, with its rules',
        risk: 'disruptive',
        commands: isOwn
          ? [repairOwn({ id: sandbox.id, meta: sandbox })]
          : [crictl(endpoints, 'stopp', sandbox.id)],
      },
    ],
  };
}
