import { nameOwn, ownBundles, ownContainers, ownListed } from '../../src/collect/with-own.ts';
import type { Facts, OwnSandbox, Process } from '../../src/model/facts.ts';
import type { NetworkSeen } from '../../src/model/network.ts';
import { complete, type Outcome } from '../../src/model/outcome.ts';
import { bareProcess, DAY, id, NOW, ns, OLD_TICKS } from './node.ts';

const link = { mac: '', up: true, loopback: false, kind: '', peerIndex: 0, peerNetnsId: -1, master: 0 };
const ADDRESS = '10.87.0.2';

export function ownInside(): NetworkSeen {
  return {
    links: [
      { ...link, index: 1, name: 'lo', loopback: true },
      {
        ...link,
        index: 2,
        name: 'eth0',
        mac: '02:00:00:00:00:02',
        kind: 'veth',
        peerIndex: 9,
        peerNetnsId: 0,
      },
    ],
    addresses: [{ link: 2, address: ADDRESS, prefix: 24 }],
    routes: [{ destination: '0.0.0.0/0', gateway: '10.87.0.1', link: 2 }],
  };
}

export function ownOutside(): NetworkSeen {
  return {
    links: [
      { ...link, index: 8, name: 'podctl0', kind: 'bridge' },
      { ...link, index: 9, name: 'veth9', kind: 'veth', peerIndex: 2, master: 8 },
    ],
    addresses: [],
    routes: [],
  };
}

/** A healthy sandbox of podctl's own with one container. */
export function ownSandbox(n: number, change: Partial<OwnSandbox> = {}): OwnSandbox {
  const own = id(`d${n}`);
  const pin = (type: string) => `/run/podctl/ns/${own}/${type}`;
  return {
    id: own,
    name: `own-${n}`,
    phase: 'ready',
    problem: '',
    createdAt: NOW - DAY,
    sameBoot: true,
    busy: false,
    dir: `/run/podctl/sandboxes/${own}`,
    pins: { net: pin('net'), ipc: pin('ipc'), uts: pin('uts') },
    pause: { pid: 9000 + n * 10, startTicks: OLD_TICKS },
    pauseRuns: true,
    containers: [
      {
        id: id(`e${n}`),
        name: 'app',
        process: { pid: 9001 + n * 10, startTicks: OLD_TICKS },
        running: true,
        startedAt: NOW - DAY,
      },
    ],
    sharePid: false,
    network: 'podctl',
    attachment: {
      state: 'attached',
      addresses: [`${ADDRESS}/24`],
      routes: [{ dst: '0.0.0.0/0', gw: null }],
      interfaces: [
        { name: 'podctl0', mac: '', inside: false },
        { name: 'eth0', mac: '02:00:00:00:00:02', inside: true },
      ],
    },
    inside: ownInside(),
    outside: ownOutside(),
    ...change,
  };
}

/** Adds it to a node as the collectors would show it: record, list, folder, pins, processes. */
export function addOwn(node: Facts, own: OwnSandbox): { pause: Process; app: Process } {
  const base = 5000 + (own.pause?.pid ?? 0);
  const inside = { net: ns(base + 1), ipc: ns(base + 2), uts: ns(base + 3) };
  const make = (pid: number, comm: string): Process => {
    const bare = bareProcess(pid, comm);
    return { ...bare, ns: { ...bare.ns, ...inside } };
  };
  const pause = make(own.pause?.pid ?? 0, 'pause');
  const app = make(own.containers[0]?.process?.pid ?? 0, 'app');
  if (own.pauseRuns) node.processes.push(pause);
  if (own.containers[0]?.running) node.processes.push(app);
  node.ownSandboxes.push(own);
  node.sandboxes.push(...ownListed(own));
  node.containers.push(...ownContainers(own));
  node.bundles.push(...ownBundles(own));
  nameOwn(node.processes, node.ownSandboxes, (pid) => (pid === pause.pid ? `pause\0${own.id}\0` : ''));
  node.pins.folders.push({ path: own.pins.net.slice(0, -'/net'.length), mtime: NOW - DAY });
  for (const type of ['net', 'ipc', 'uts'] as const)
    node.pins.pins.push({
      path: own.pins[type],
      type,
      ns: inside[type],
      mounts: 1,
      confirmed: true,
      scheme: 'podctl',
    });
  return { pause, app };
}

/** What facts of a runtime look like on a node that has none. */
export const noRuntime: { runtime: Outcome<never>; store: Outcome<never> } = {
  runtime: { status: 'absent', reason: 'no container runtime', ms: 0 },
  store: { status: 'absent', reason: 'no container runtime', ms: 0 },
};

/** A list of a node without a runtime: podctl's own alone. */
export function alone<T>(value: T): Outcome<never> {
  return { ...complete(value), ms: 0 } as Outcome<never>;
}
