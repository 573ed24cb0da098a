import type { CniRules, Facts } from '../../../src/model/facts.ts';
import type { Pod } from '../../support/node.ts';

/** Rules as portmap writes them for one port. */
export function portRules(containerId: string, change: Partial<CniRules> = {}): CniRules {
  return {
    backend: 'iptables-nft',
    family: 'ip',
    purpose: 'ports',
    chain: `CNI-DN-${containerId.slice(0, 21)}`,
    network: 'podnet',
    containerId,
    address: '10.88.0.77',
    ports: [{ protocol: 'tcp', hostIp: '', hostPort: 8080, containerPort: 80 }],
    reached: true,
    entries: [['CNI-HOSTPORT-DNAT', '-p', 'tcp', '-j', `CNI-DN-${containerId.slice(0, 21)}`]],
    confirmed: true,
    ...change,
  };
}

/** Rules as bridge writes them. */
export function masquerade(containerId: string, change: Partial<CniRules> = {}): CniRules {
  const chain = `CNI-${containerId.slice(0, 24)}`;
  return portRules(containerId, {
    purpose: 'masquerade',
    chain,
    ports: [],
    entries: [['POSTROUTING', '-j', chain]],
    ...change,
  });
}

/** Publishes port 8080 of a pod and masquerades it, and writes the rules. Gives them. */
export function publish(node: Facts, { network, sandbox }: Pod): [CniRules, CniRules] {
  const address = network.reservation.address ?? '';
  const rules: [CniRules, CniRules] = [
    portRules(sandbox.id, { address }),
    masquerade(sandbox.id, { address }),
  ];
  network.cached.rules = { ports: rules[0].ports, masquerade: true };
  node.firewall.rules.push(...rules);
  node.firewall.read = [{ backend: 'iptables-nft', family: 'ip', program: '/usr/sbin/iptables-nft-save' }];
  return rules;
}
