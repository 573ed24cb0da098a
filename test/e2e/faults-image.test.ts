import { configureAfterImport } from '../rig/faults.ts';
import * as images from '../rig/image-faults.ts';
import { pauseArchive } from '../rig/images.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

const OWN = 'registry.k8s.io/pause:3.9';
const OTHER = 'registry.k8s.io/pause:3.7';
const FROZEN = 'k8s.gcr.io/pause:3.6';
const ODD_SPELLING = 'index.docker.io/podctl/pause:3.9';

const missing = found('image/sandbox-image-missing', 'missing', 'error', 'image', OWN);
const failing = (messageId: string) => found('image/pull-failing', messageId, 'error', 'image', OWN);
const unpinned = (image: string) =>
  found('image/sandbox-image-unpinned', 'unpinned', 'warning', 'image', image);

const DAMAGES: [images.Damage, string][] = [
  ['empty', 'empty'],
  ['missing', 'missing'],
  ['not-executable', 'notExecutable'],
  ['other-machine', 'otherMachine'],
];

describeFaults([
  {
    name: 'a registry that wants credentials for the sandbox image',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      await images.registryAnswers(containerd, 401);
      return [failing('noCredentials'), missing];
    },
  },
  {
    name: 'a registry that forbids the sandbox image',
    lines: [],
    recordedOn: ['1.6', '1.7', '2.x'],
    async make(containerd) {
      await images.registryAnswers(containerd, 403);
      return [failing('forbidden'), missing];
    },
  },
  {
    name: 'a registry without the sandbox image',
    lines: ['1.7'],
    recordedOn: ['1.6', '2.x'],
    async make(containerd) {
      await images.registryAnswers(containerd, 404);
      return [failing('notInRegistry'), missing];
    },
  },
  {
    name: 'a registry that cannot be reached',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    async make(containerd) {
      await images.registryIsAway(containerd);
      return [failing('unreachable'), missing];
    },
  },
  {
    name: 'the sandbox image in another namespace of containerd only',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      await images.loadIntoDefault(containerd, OWN);
      return [missing, found('image/wrong-store', 'namespace', 'warning', 'image', OWN)];
    },
  },
  {
    name: 'a pin label with a slip of the pen',
    lines: ['1.7'],
    async make(containerd) {
      await configureAfterImport(containerd, OTHER);
      await containerd.ctr('images', 'label', OTHER, 'io.cri.containerd.pinned=pinned');
      return [found('image/pin-label', 'nearMiss', 'warning', 'image', OTHER), unpinned(OTHER)];
    },
  },
  {
    name: 'a pin in the wrong namespace',
    lines: [],
    recordedOn: ['1.7'],
    async make(containerd) {
      await configureAfterImport(containerd, OTHER);
      await images.pinInDefault(containerd, OTHER);
      return [found('image/pin-label', 'wrongNamespace', 'warning', 'image', OTHER), unpinned(OTHER)];
    },
  },
  {
    name: 'a sandbox image configured by another spelling of its name',
    lines: ['2.x'],
    recordedOn: ['1.7'],
    async make(containerd) {
      await containerd.restart({ sandboxImage: ODD_SPELLING });
      await containerd.load(await pauseArchive(['docker.io/podctl/pause:3.9'], '2'));
      // 1.7 compares the names in full, and pins it.
      if (containerd.runtime.line === '1.7') return [];
      return [
        found('image/name-not-canonical', 'notCanonical', 'warning', 'image', ODD_SPELLING),
        unpinned(ODD_SPELLING),
      ];
    },
  },
  {
    name: 'a sandbox image from a registry that was given up',
    lines: ['1.6'],
    recordedOn: ['1.7', '2.x'],
    images: [FROZEN],
    async make(containerd) {
      const isPinned = containerd.runtime.line !== '1.6';
      return isPinned ? [] : [found('image/frozen-registry', 'frozen', 'warning', 'image', FROZEN)];
    },
  },
  ...DAMAGES.map(
    ([damage, messageId], n): Fault => ({
      name: `a sandbox image whose program is ${damage}`,
      lines: n === 0 ? ['2.x'] : n === 1 ? ['1.6'] : [],
      recordedOn: ['1.6', '1.7', '2.x'],
      async make(containerd) {
        await images.damagePause(containerd, damage);
        return [found('image/pause-damaged', messageId, 'error', 'image', OWN)];
      },
    }),
  ),
]);
