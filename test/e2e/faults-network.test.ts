import { cachedResult, doubleAddress, emptyCachedResult } from '../rig/leftovers.ts';
import * as faults from '../rig/network-faults.ts';
import { makePod, stopPod } from '../rig/pods.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

const PORT = 18_080;

const TABLE: Fault[] = [
  {
    name: 'a port rule whose pod is gone',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    firewall: 'legacy',
    async make(containerd) {
      const { pod } = await faults.leavePortRule(containerd, PORT);
      const chain = await faults.portChain(containerd, pod);
      return [found('cni/stale-rule', 'stale', 'warning', 'rule', `iptables-legacy ip ${chain} ${pod.id}`)];
    },
  },
  {
    name: 'a port rule before that of a new pod',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    firewall: 'nft',
    async make(containerd) {
      const { pod } = await faults.leavePortRule(containerd, PORT);
      await makePod(containerd, { name: 'new', hostPorts: [PORT] });
      const chain = await faults.portChain(containerd, pod);
      return [found('cni/stale-rule', 'shadows', 'error', 'rule', `iptables-nft ip ${chain} ${pod.id}`)];
    },
  },
  {
    name: 'a port rule that leads into another pod',
    lines: ['1.7'],
    recordedOn: ['1.6', '2.x'],
    firewall: 'nft',
    async make(containerd) {
      const { pod, file } = await faults.leavePortRule(containerd, PORT);
      await faults.reuseAddress(containerd, file, 'new');
      const chain = await faults.portChain(containerd, pod);
      return [found('cni/stale-rule', 'misleads', 'error', 'rule', `iptables-nft ip ${chain} ${pod.id}`)];
    },
  },
  {
    name: 'a firewall that was cleared',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    firewall: 'nft',
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'web', hostPorts: [PORT] });
      faults.aged(cachedResult(containerd, pod));
      await faults.clearRules(containerd);
      const missing = (what: string) => found('cni/missing-rule', what, 'error', 'sandbox', pod.id);
      return [missing('ports'), missing('masquerade')];
    },
  },
  {
    name: 'a chain into which nothing leads',
    lines: [],
    recordedOn: ['2.x'],
    firewall: 'legacy',
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'web', hostPorts: [PORT] });
      faults.aged(cachedResult(containerd, pod));
      await faults.clearRules(containerd, 'PREROUTING');
      return [found('cni/missing-rule', 'unreached', 'error', 'sandbox', pod.id)];
    },
  },
  {
    name: 'a bridge with the address of an old range',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    async make(containerd) {
      await faults.moveRange(containerd, `${containerd.prefix}128.0/17`);
      return [found('cni/bridge-address', 'used', 'error', 'link', containerd.bridge)];
    },
  },
  {
    name: 'a bridge of an old range without pods',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      await faults.emptyBridge(containerd);
      await faults.moveRange(containerd, `${containerd.prefix}128.0/17`);
      return [found('cni/bridge-address', 'unused', 'error', 'link', containerd.bridge)];
    },
  },
  {
    name: 'no address left',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      const files = await faults.exhaust(containerd);
      const folder = `${containerd.ipamDir}/${containerd.cniNetwork}`;
      return [
        found('cni/addresses-exhausted', 'leaked', 'error', 'reservation', folder),
        ...files.map((file) => found('cni/leaked-reservation', 'alone', 'warning', 'reservation', file)),
      ];
    },
  },
  {
    name: 'an address of a pod start that failed',
    lines: ['2.x'],
    async make(containerd) {
      const file = await faults.failHalfWay(containerd);
      return [found('cni/leaked-reservation', 'alone', 'warning', 'reservation', file)];
    },
  },
  {
    name: 'an address that host-device kept',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    firewall: 'nft',
    async make(containerd) {
      const file = await faults.loseDevice(containerd);
      return [found('cni/leaked-reservation', 'kept', 'warning', 'reservation', file)];
    },
  },
  {
    name: 'an empty cached result of a pod that cannot be stopped',
    lines: [],
    recordedOn: ['1.7'],
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      const file = emptyCachedResult(containerd, pod);
      const refused = await stopPod(containerd, pod.id).then(
        () => false,
        () => true,
      );
      if (!refused) throw new Error('it was stopped all the same');
      return [found('cni/cache-damaged', 'blocks', 'error', 'file', file)];
    },
  },
  {
    name: 'two pods with one address, on 1.7',
    lines: [],
    recordedOn: ['1.7'],
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'elder' });
      const file = await doubleAddress(containerd, pod, 'younger');
      return [found('cni/reservation-conflict', 'doubled', 'error', 'reservation', file)];
    },
  },
];

describeFaults(TABLE);
