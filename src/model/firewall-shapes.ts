import type { CniRules, Facts, FirewallFact } from './facts.ts';
import type { PublishedPort } from './netns-report.ts';
import { amount, flag, list, oneOf, record, type Shape, text } from './shape.ts';

const backend = oneOf('iptables-legacy', 'iptables-nft', 'nftables');
const family = oneOf('ip', 'ip6', 'inet');

export const publishedPort = record<PublishedPort>({
  protocol: text,
  hostIp: text,
  hostPort: amount,
  containerPort: amount,
});

/** What CNI plugins hold in the node's firewall. */
export const firewallShapes: { firewall: Shape<Facts['firewall']> } = {
  firewall: record<FirewallFact>({
    rules: list(
      record<CniRules>({
        backend,
        family,
        purpose: oneOf('ports', 'masquerade'),
        chain: text,
        network: text,
        containerId: text,
        address: text,
        ports: list(publishedPort),
        reached: flag,
        entries: list(list(text)),
        confirmed: flag,
      }),
    ),
    read: list(record<FirewallFact['read'][number]>({ backend, family, program: text })),
  }),
};
