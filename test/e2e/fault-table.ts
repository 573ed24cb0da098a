import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import type { Iptables } from '../rig/home.ts';
import * as leftovers from '../rig/leftovers.ts';
import type { Line } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import type { Seen } from './doctor.ts';

const OWN = 'registry.k8s.io/pause:3.9';
const DEFAULT_OF_2 = 'registry.k8s.io/pause:3.10';
const OTHER = 'registry.k8s.io/pause:3.7';

/** A way to break a node, and everything that the doctor then says. */
export interface Fault {
  name: string;
  /** Where it is made on a real node in every run of the tests. */
  lines: Line[];
  /** Where it was made once, for the saved snapshot only: PODCTL_RECORD=1 makes it again. */
  recordedOn?: Line[];
  /** Names of the sandbox image on the node; default: the configured one. */
  images?: string[];
  /** Mounts of the runtime's own. */
  mounts?: 'private' | 'shared';
  /** Rules are at stake: the node is a host of its own with this kind of iptables. */
  firewall?: Iptables;
  /** The doctor gives such things a minute before it calls them left behind. */
  needsAge?: true;
  /** Breaks the node; gives what must be found, and nothing else at warning or above. */
  make(containerd: Containerd): Promise<Seen[]>;
}

const BOTH: Line[] = ['1.6', '2.x'];

export const FAULTS: Fault[] = [
  {
    name: 'sandbox image removed',
    lines: BOTH,
    async make(containerd) {
      await faults.removeSandboxImage(containerd);
      return [found('image/sandbox-image-missing', 'missing', 'error', 'image', OWN)];
    },
  },
  {
    name: 'sandbox image under another name only',
    lines: BOTH,
    async make(containerd) {
      await faults.untagSandboxImage(containerd, OTHER);
      return [found('image/sandbox-image-missing', 'missing', 'error', 'image', OWN)];
    },
  },
  {
    name: 'sandbox image unpinned',
    lines: ['1.7'],
    async make(containerd) {
      await faults.configureAfterImport(containerd, OTHER);
      return [found('image/sandbox-image-unpinned', 'unpinned', 'warning', 'image', OTHER)];
    },
  },
  {
    name: 'configuration naming another tag than is present',
    lines: BOTH,
    async make(containerd) {
      await containerd.restart({ sandboxImage: OTHER });
      return [found('image/sandbox-image-missing', 'missing', 'error', 'image', OTHER)];
    },
  },
  {
    name: 'the same, written but not yet in force',
    lines: ['1.6'],
    async make(containerd) {
      containerd.configure({ sandboxImage: OTHER });
      return [found('image/sandbox-image-missing', 'missingAfterRestart', 'warning', 'image', OTHER)];
    },
  },
  {
    name: "version 2's key under version 3",
    lines: ['2.x'],
    images: [OWN, DEFAULT_OF_2],
    async make(containerd) {
      await faults.v2KeyUnderVersion3(containerd, OWN);
      return [found('config/unreadable', 'ignoredKey', 'warning', 'file', containerd.configFile)];
    },
  },
  {
    name: 'an import that overrides the image',
    lines: BOTH,
    images: [OWN, OTHER],
    async make(containerd) {
      await faults.importOverriding(containerd, OTHER);
      return [found('config/sandbox-image-drift', 'overridden', 'warning', 'file', containerd.configFile)];
    },
  },
  {
    name: 'pause killed',
    lines: BOTH,
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken', containers: [{ name: 'a' }, { name: 'b' }] });
      await faults.killPause(containerd, pod);
      return [found('sandbox/anchor-lost', 'pauseDead', 'error', 'sandbox', pod.id)];
    },
  },
  {
    name: "a container in another pod's network namespace",
    lines: BOTH,
    async make(containerd) {
      const other = await makePod(containerd, { name: 'other' });
      const pod = await faults.containerInWrongPod(containerd, { name: 'broken' }, other);
      return [found('netns/mismatch', 'otherNetns', 'error', 'container', pod.containers[0]?.id)];
    },
  },
  {
    name: 'a privileged container that left the network namespace',
    lines: BOTH,
    async make(containerd) {
      const pod = await faults.containerThatLeaves(containerd, { name: 'broken' });
      return [found('netns/mismatch', 'otherNetns', 'error', 'container', pod.containers[0]?.id)];
    },
  },
  {
    name: 'an app of attempt 0 beside the healthy attempt 1',
    lines: BOTH,
    async make(containerd) {
      const { old } = await faults.survivorBesideNewAttempt(containerd, 'broken');
      return [found('sandbox/anchor-lost', 'pauseDead', 'error', 'sandbox', old.id)];
    },
  },
  {
    name: 'network namespace pin unmounted',
    lines: BOTH,
    needsAge: true,
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      await faults.unmountPin(containerd, pod);
      return [found('netns/pin-lost', 'unmounted', 'warning', 'sandbox', pod.id)];
    },
  },
  {
    name: 'a pin leaked with its reservation',
    lines: BOTH,
    needsAge: true,
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      const file = leftovers.reservationOf(containerd, pod);
      const link = leftovers.hostLinkOf(containerd, pod);
      const pin = await faults.leakPin(containerd, pod);
      return [
        found('cni/dangling-link', 'dangling', 'warning', 'link', link),
        found('cni/leaked-reservation', 'leaked', 'warning', 'reservation', file),
        found('netns/leaked', 'leaked', 'warning', 'netns', pin),
      ];
    },
  },
  {
    name: 'a pin that nobody ever owned',
    lines: BOTH,
    needsAge: true,
    async make(containerd) {
      return [found('netns/leaked', 'leaked', 'warning', 'netns', await faults.strayPin(containerd))];
    },
  },
  {
    name: 'a shim and pause left after their record is gone',
    lines: BOTH,
    needsAge: true,
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      await faults.orphanPause(containerd, pod);
      return [found('sandbox/orphaned-pause', 'unlisted', 'warning', 'sandbox', pod.id)];
    },
  },
  {
    name: 'an address reserved for nobody',
    lines: BOTH,
    async make(containerd) {
      const file = leftovers.leakReservation(containerd);
      return [found('cni/leaked-reservation', 'alone', 'warning', 'reservation', file)];
    },
  },
  {
    name: 'a running pod whose address is not reserved',
    lines: BOTH,
    needsAge: true,
    async make(containerd) {
      const file = leftovers.unreserve(containerd, await makePod(containerd, { name: 'broken' }));
      return [found('cni/reservation-conflict', 'unreserved', 'warning', 'reservation', file)];
    },
  },
  {
    name: 'two pods with one address',
    lines: BOTH,
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'elder' });
      const file = await leftovers.doubleAddress(containerd, pod, 'younger');
      return [found('cni/reservation-conflict', 'doubled', 'error', 'reservation', file)];
    },
  },
  {
    name: 'an empty cached CNI result',
    lines: BOTH,
    async make(containerd) {
      const pod = await makePod(containerd, { name: 'broken' });
      const file = leftovers.emptyCachedResult(containerd, pod);
      const is1 = containerd.runtime.line !== '2.x';
      return is1 ? [found('cni/cache-damaged', 'blocks', 'error', 'file', file)] : [];
    },
  },
  {
    name: 'a shim that serves nobody',
    lines: ['2.x'],
    needsAge: true,
    async make(containerd) {
      const pod = await leftovers.leakShim(containerd);
      return [found('sandbox/leaked-shim', 'leaked', 'warning', 'shim', pod.id)];
    },
  },
  {
    name: 'two records with one name',
    lines: BOTH,
    async make(containerd) {
      const copy = await leftovers.doubleRecord(containerd, await makePod(containerd, { name: 'broken' }));
      return [found('sandbox/duplicate-name', 'oneLives', 'error', 'sandbox', copy)];
    },
  },
  {
    name: 'containerd stopped',
    lines: BOTH,
    async make(containerd) {
      await containerd.halt();
      return [found('runtime/unreachable', 'down', 'error', 'runtime', containerd.socket)];
    },
  },
];

export function found(
  check: string,
  messageId: string,
  severity: Seen['severity'],
  kind: Seen['kind'],
  id: string | undefined,
): Seen {
  return { check, messageId, severity, kind, id: id ?? '' };
}

/** What the runtime itself says while its network is not ready. */
export function notReady({ socket }: Containerd): Seen {
  return found('runtime/not-ready', 'notReady', 'error', 'runtime', socket);
}
