import * as faults from '../rig/config-faults.ts';
import { makePod } from '../rig/pods.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

const OWN = 'registry.k8s.io/pause:3.9';
const OTHER = 'registry.k8s.io/pause:3.7';
const DEFAULT_OF_1 = 'registry.k8s.io/pause:3.6';
const DEFAULT_OF_2 = 'registry.k8s.io/pause:3.10';
const MALFORMED = `${OWN}"`;

const FAULTS: Fault[] = [
  {
    name: "version 3's key under version 2",
    lines: ['1.6'],
    recordedOn: ['1.7'],
    images: [OWN, DEFAULT_OF_1, 'registry.k8s.io/pause:3.8'],
    async make(containerd) {
      await faults.v3KeyUnderVersion2(containerd, OWN);
      return [found('config/unreadable', 'ignoredKey', 'warning', 'file', containerd.configFile)];
    },
  },
  {
    name: "version 2's key without a version",
    lines: [],
    recordedOn: ['2.x'],
    images: [OWN, DEFAULT_OF_2],
    async make(containerd) {
      await faults.v2KeyWithoutVersion(containerd, OWN);
      return [found('config/unreadable', 'ignoredKey', 'warning', 'file', containerd.configFile)];
    },
  },
  {
    name: 'a drop-in of version 3 beside a file of version 2',
    lines: ['2.x'],
    images: [OWN, DEFAULT_OF_2],
    async make(containerd) {
      await faults.dropInOfVersion3(containerd, OWN);
      return [found('config/sandbox-image-drift', 'undone', 'warning', 'file', containerd.configFile)];
    },
  },
  {
    name: 'a drop-in that replaces the table',
    lines: ['1.6'],
    recordedOn: ['1.7'],
    images: [OWN, DEFAULT_OF_1, 'registry.k8s.io/pause:3.8'],
    async make(containerd) {
      await faults.dropInOfTable(containerd);
      return [found('config/sandbox-image-drift', 'undone', 'warning', 'file', containerd.configFile)];
    },
  },
  {
    name: 'a drop-in that leaves an image that is not here',
    lines: [],
    recordedOn: ['1.6', '2.x'],
    async make(containerd) {
      const is1 = containerd.runtime.line === '1.6';
      await (is1 ? faults.dropInOfTable(containerd) : faults.dropInOfVersion3(containerd, OWN));
      const left = is1 ? DEFAULT_OF_1 : DEFAULT_OF_2;
      return [
        found('config/sandbox-image-drift', 'undone', 'warning', 'file', containerd.configFile),
        found('image/sandbox-image-missing', 'missing', 'error', 'image', left),
      ];
    },
  },
  {
    name: 'an image that is named and not in use',
    lines: ['2.x'],
    async make(containerd) {
      await faults.nameUnseen(containerd, OTHER);
      const pod = await makePod(containerd, { name: 'later' });
      return [
        found('config/sandbox-image-drift', 'otherInUse', 'warning', 'sandbox', pod.id),
        found('image/sandbox-image-unpinned', 'unpinned', 'warning', 'image', OTHER),
      ];
    },
  },
  {
    name: 'a sandbox image whose name is none',
    lines: ['2.x'],
    recordedOn: ['1.6', '1.7'],
    async make(containerd) {
      await containerd.restart({ sandboxImage: MALFORMED });
      return [found('config/malformed-image-name', 'malformed', 'error', 'image', MALFORMED)];
    },
  },
];

describeFaults(FAULTS);
