import { describe, expect, it } from 'vitest';
import check from '../../../checks/cni/attachment-lost.ts';
import { bareProcess, healthyNode, judge, NOW, unread, YOUNG_TICKS } from '../../support/node.ts';
import { type Attached, attached, deleteEth0, flush } from './attached.ts';

const CUT = 'default/web can neither be reached at 10.88.0.2 nor reach others';
const STOP = `crictl stopp ${'a1'.padEnd(64, '0')}`;

async function judged(damage: (one: Attached) => void) {
  const one = attached();
  damage(one);
  return judge(check, one.node);
}

describe('cni/attachment-lost', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
    expect(await judged(() => {})).toMatchObject({ verdict: 'pass' });
  });

  const faults: [string, (one: Attached) => void, string, string[], { at: string; value: string }][] = [
    [
      'gone',
      deleteEth0,
      `${CUT}: its eth0 is gone`,
      [STOP],
      { at: 'nsenter -t 111 -n ip link', value: 'no eth0' },
    ],
    [
      'down',
      (one) => {
        one.eth0.up = false;
        one.inside.routes = [];
      },
      `${CUT}: its eth0 is down`,
      [STOP],
      { at: 'nsenter -t 111 -n ip link show dev eth0', value: 'down' },
    ],
    [
      'endDown',
      ({ end }) => Object.assign(end, { up: false }),
      `${CUT}: veth1, the host end of its eth0, is down`,
      ['ip link set dev veth1 up', STOP],
      { at: 'ip link show dev veth1', value: 'down' },
    ],
    [
      'unbridged',
      ({ end }) => Object.assign(end, { master: 0 }),
      `${CUT}: veth1, the host end of its eth0, is not in cni0`,
      ['ip link set dev veth1 master cni0', STOP],
      { at: 'ip link show dev veth1', value: 'no master' },
    ],
    [
      'addressLost',
      flush,
      'default/web cannot be reached at 10.88.0.2: eth0 has lost that address',
      [STOP],
      { at: 'nsenter -t 111 -n ip addr', value: 'no 10.88.0.2' },
    ],
    [
      'routeLost',
      ({ inside }) => void inside.routes.shift(),
      'default/web reaches nobody beyond its own network, nor answers: it has lost the route to 0.0.0.0/0',
      [STOP],
      { at: 'nsenter -t 111 -n ip route', value: 'no 0.0.0.0/0' },
    ],
  ];

  it.each(faults)('%s', async (messageId, damage, message, commands, seen) => {
    const { findings } = await judged(damage);
    expect(findings).toMatchObject([{ messageId, message, data: { network: 'podnet' } }]);
    expect(findings[0]?.severity).toBe(messageId === 'routeLost' ? 'warning' : 'error');
    expect(findings[0]?.remedies.flatMap((r) => r.commands)).toEqual(commands);
    expect(findings[0]?.evidence[0]).toMatchObject(seen);
    expect(findings[0]?.evidence.at(-1)?.at).toContain('/var/lib/cni/results/podnet-');
  });

  it('tells of IPv6 that is lost while the link has some', async () => {
    const { findings } = await judged(({ inside, entry }) => {
      entry.addresses.push('fd00:0:0::2');
      entry.given?.routes.push('::/0');
      inside.addresses.push({ link: 2, address: 'fe80::1', prefix: 64 });
    });
    expect(findings).toMatchObject([{ messageId: 'addressLost', data: { missing: 'fd00:0:0::2' } }]);
  });

  it('sees a sandbox of CRI-O without a pause through its pin', async () => {
    const { findings } = await judged((one) => {
      const { node, pod } = one;
      node.processes = node.processes.filter((p) => p !== pod.pause);
      node.store = { records: [], sandboxes: [] };
      const bundle = node.bundles.find(({ id }) => id === pod.sandbox.id);
      Object.assign(bundle ?? {}, { namespace: '', namespaces: { net: pod.pinPath } });
      deleteEth0(one);
    });
    expect(findings).toMatchObject([
      { messageId: 'gone', evidence: [{ at: `nsenter --net=${attached().pod.pinPath} ip link` }, {}] },
    ]);
  });

  it.each([
    [{ type: 'bridge', bridge: 'cni0', tunesPorts: true }],
    [{ type: 'flannel', bridge: null, delegates: ['bridge'], tunesPorts: false }],
  ])('puts no port into its bridge by hand that was set up: %j', async ({ tunesPorts, ...conf }) => {
    const { findings } = await judged(({ plugin, end }) => {
      Object.assign(plugin, conf);
      Object.assign(plugin.does ?? {}, { tunesPorts });
      end.master = 0;
    });
    expect(findings.map(({ remedies }) => remedies.flatMap((r) => r.commands))).toEqual([[STOP]]);
  });

  it('says where the node is, when podctl is in another network namespace', async () => {
    const { findings } = await judged(({ node, end }) => {
      node.host.self.net = '4:1';
      end.up = false;
    });
    expect(findings[0]?.remedies[0]?.commands).toEqual([
      'nsenter --net=/proc/1/ns/net ip link set dev veth1 up',
    ]);
  });

  const innocent: [string, (one: Attached) => void][] = [
    ['it is stopped', ({ pod }) => Object.assign(pod.sandbox, { state: 'notready' })],
    ["it is podctl's own", ({ pod }) => Object.assign(pod.sandbox, { provider: 'podctl' })],
    ['it is being made', ({ pod }) => Object.assign(pod.pause, { startTicks: YOUNG_TICKS })],
    [
      'a CNI plugin works for it',
      ({ node, pod }) => {
        const cni = { command: 'DEL', containerId: pod.sandbox.id, netns: '' };
        node.processes.push({ ...bareProcess(5000, 'bridge'), cni });
      },
    ],
    ['its cached result is lost', ({ node }) => void node.cniCache.entries.splice(0)],
    [
      'its cached result is damaged',
      ({ entry }) => Object.assign(entry, { state: 'empty', containerId: '' }),
    ],
    ['its configuration says disableCheck', ({ entry }) => delete entry.given],
    ['the snapshot is older', ({ entry }) => delete entry.given],
    ['it is of a further network', ({ entry }) => Object.assign(entry, { ifName: 'net1' })],
    [
      'it is in the network of the host',
      ({ pod, node }) => Object.assign(pod.pause.ns, { net: node.networks.host.ns }),
    ],
    [
      'another namespace is at its pin',
      ({ node, pod }) => {
        const pin = node.pins.pins.find(({ path }) => path === pod.pinPath);
        Object.assign(pin ?? {}, { ns: '4:99' });
      },
    ],
    [
      'it is a sandbox of gVisor',
      ({ pod }) =>
        Object.assign(pod.sandbox, { runtimeHandler: 'gvisor' }) && Object.assign(pod.pause, { comm: 'exe' }),
    ],
    ['gVisor is the default', ({ pod }) => Object.assign(pod.pause, { comm: 'runsc-sandbox' })],
    [
      'it is a virtual machine',
      ({ pod }) =>
        Object.assign(pod.sandbox, { runtimeHandler: 'kata-qemu' }) &&
        Object.assign(pod.pause, { comm: 'qemu-system-x86' }),
    ],
  ];

  it.each(innocent)('says nothing where %s', async (_, excuse) => {
    const { verdict, findings } = await judged((one) => {
      deleteEth0(one);
      excuse(one);
    });
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] });
  });

  it('cannot judge a namespace that nobody could look into, nor a node whose networks were not seen', async () => {
    const hidden = await judged(({ pod }) => Object.assign(pod.network.inside, { seen: null }));
    expect(hidden).toMatchObject({ verdict: 'unknown', problems: [{ code: 'unavailable' }] });
    const { node } = attached();
    expect(await judge(check, node, { networks: unread('timeout', 'late') })).toMatchObject({
      verdict: 'unknown',
    });
  });

  it('judges the inside where the links of the node cannot be seen', async () => {
    const { findings } = await judged((one) => {
      flush(one);
      one.node.networks.host.seen = null;
    });
    expect(findings).toMatchObject([{ messageId: 'addressLost' }]);
  });

  it('takes an age from the list where there is no pause', async () => {
    const young = await judged((one) => {
      deleteEth0(one);
      one.node.processes = one.node.processes.filter((p) => p !== one.pod.pause);
      one.pod.sandbox.createdAt = NOW - 2000;
    });
    expect(young.findings).toEqual([]);
  });
});
