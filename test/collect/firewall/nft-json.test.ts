import { expect, test } from 'vitest';
import { parseNftTable, parseNftTables } from '../../../src/collect/firewall/nft-json.ts';

const ID = 'a'.repeat(64);
const payload = (protocol: string, field: string, right: unknown) => ({
  match: { op: '==', left: { payload: { protocol, field } }, right },
});
const rule = (
  chain: string,
  handle: number,
  expr: unknown[],
  comment?: string,
  table = 'cni_hostport',
  family = 'ip',
) => ({
  rule: { family, table, chain, handle, expr, ...(comment === undefined ? {} : { comment }) },
});
const ruleset = (...members: unknown[]) =>
  JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6' } }, ...members] });
const JUMPS = [
  rule('hostports_all', 4, [{ jump: { target: 'hostip_hostports' } }]),
  rule('hostports_all', 5, [{ jump: { target: 'hostports' } }]),
  rule('prerouting', 7, [{ match: {} }, { jump: { target: 'hostports_all' } }]),
];
const RULES = [
  rule('hostports', 11, [payload('tcp', 'dport', 8080), { dnat: { addr: '10.88.0.5', port: 80 } }], ID),
  rule(
    'hostports',
    12,
    [
      payload('ip', 'daddr', '10.9.9.9'),
      payload('udp', 'dport', 5353),
      { dnat: { addr: '10.88.0.5', port: 53 } },
    ],
    ID,
  ),
  rule(
    'masquerading',
    14,
    [payload('ip', 'saddr', '127.0.0.1'), payload('ip', 'daddr', '10.88.0.5'), { masquerade: null }],
    ID,
  ),
];

test('what portmap wrote with nftables, all of one pod as one', () => {
  expect(parseNftTable(ruleset(...RULES, ...JUMPS))?.rules).toEqual([
    {
      backend: 'nftables',
      family: 'ip',
      purpose: 'ports',
      chain: 'hostports',
      network: '',
      containerId: ID,
      address: '10.88.0.5',
      ports: [
        { protocol: 'tcp', hostIp: '', hostPort: 8080, containerPort: 80 },
        { protocol: 'udp', hostIp: '10.9.9.9', hostPort: 5353, containerPort: 53 },
      ],
      reached: true,
      entries: [
        ['ip', 'cni_hostport', 'hostports', 'handle', '11'],
        ['ip', 'cni_hostport', 'hostports', 'handle', '12'],
        ['ip', 'cni_hostport', 'masquerading', 'handle', '14'],
      ],
      confirmed: false,
    },
  ]);
  expect(parseNftTable(ruleset(RULES[0]))?.rules[0]?.reached).toBe(false);
});

test('masquerading is named by network and id, unless the comment is cut off', () => {
  const masq = (comment: string) =>
    parseNftTable(
      ruleset(
        rule(
          'masq_checks',
          3,
          [payload('ip', 'saddr', '10.88.0.5'), { masquerade: null }],
          comment,
          'cni_plugins_masquerade',
          'inet',
        ),
        rule(
          'postrouting',
          4,
          [{ goto: { target: 'masq_checks' } }],
          undefined,
          'cni_plugins_masquerade',
          'inet',
        ),
      ),
    )?.rules;
  const comment = `${'0'.repeat(16)}-${'1'.repeat(16)}, net: podnet, if: eth0, id: ${ID}`;
  const common = {
    purpose: 'masquerade',
    family: 'inet',
    network: 'podnet',
    address: '10.88.0.5',
    reached: true,
  };
  expect(masq(comment)).toMatchObject([{ ...common, containerId: ID }]);
  const long = comment.replace('podnet', 'a-network-of-a-long-name').slice(0, 128);
  expect(masq(long)).toMatchObject([{ ...common, network: 'a-network-of-a-long-name', containerId: '' }]);
});

test('tables of CNI alone are asked for', () => {
  const table = (family: string, name: string) => ({ table: { family, name, handle: 1 } });
  expect(
    parseNftTables(ruleset(table('ip', 'nat'), table('ip6', 'cni_hostport'), table('arp', 'cni_hostport'))),
  ).toEqual([{ family: 'ip6', name: 'cni_hostport' }]);
});

test.each(['', '[', '7', 'null', '{"nftables":7}', '\0', `${'['.repeat(50_000)}`])(
  '%j is no answer',
  (text) => {
    expect([parseNftTables(text), parseNftTable(text)]).toEqual([null, null]);
  },
);

test('rules of another form tell nothing', () => {
  const odd = [
    7,
    null,
    { rule: 7 },
    { rule: { family: 'ip', table: 'cni_hostport', chain: 7, comment: ID } },
    rule(
      'hostports',
      1,
      [payload('tcp', 'dport', { set: [1, 2] }), { dnat: { addr: '10.0.0.1', port: 80 } }],
      ID,
    ),
    rule('hostports', 2, [payload('tcp', 'dport', -1), { dnat: { addr: {}, port: [] } }, 9], ID),
    { rule: { family: 'ip', table: 'cni_hostport', chain: 'hostports', comment: ID, expr: 'x' } },
  ];
  expect(parseNftTable(ruleset(...odd))?.rules.map(({ containerId, ports }) => [containerId, ports])).toEqual(
    [[ID, []]],
  );
});
