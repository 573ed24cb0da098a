import { readNodeImage } from '../../../src/collect/node-image.ts';
import { elfSections } from '../../../src/collect/on-disk/elf-sections.ts';
import { goBuild, loneReleases } from '../../../src/collect/on-disk/go-program.ts';
import { debianVersion } from '../../../src/collect/on-disk/package-version.ts';
import { versionOnDisk } from '../../../src/collect/on-disk/program-version.ts';
import { nodeImageShapes } from '../../../src/model/node-image-shapes.ts';
import { goProgram } from '../../support/go-program.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold } from '../must.ts';
import { planted } from '../planted.ts';

const node = planted();
const PROGRAM = '/usr/bin/kubelet';
const STATUS = '/var/lib/dpkg/status';
const LIST = '/var/lib/dpkg/info/kubelet.list';

const PROGRAMS = [
  goProgram({ info: ['path\tk8s.io/kubernetes/cmd/kubelet', 'mod\tx\t(devel)\t'], linked: ['v1.31.4'] }),
  goProgram({ info: ['path\tk8s.io/kubernetes/cmd/kubelet', 'build\t-ldflags="-X a.b=v1.2.3"'] }),
];

const program: Parser = {
  files: [
    'collect/on-disk/elf-sections.ts',
    'collect/on-disk/go-program.ts',
    'collect/on-disk/program-version.ts',
  ],
  name: 'a program that tells its release',
  kind: 'bytes',
  samples: PROGRAMS,
  parse(_, bytes) {
    node().put(PROGRAM, bytes);
    const version = versionOnDisk(node().host, 'kubelet', PROGRAM);
    mustHold(version === null || /^[\w.~+-]{1,80}$/.test(version), `a version ${version}`);
    for (const section of elfSections(node().host, PROGRAM).values()) {
      goBuild(node().host, PROGRAM, section);
      loneReleases(node().host, PROGRAM, section);
    }
  },
  refuses: (error) => error instanceof Error && 'code' in error,
};

const packages: Parser = {
  files: ['collect/on-disk/package-version.ts'],
  name: 'a database of packages',
  kind: 'text',
  samples: [
    'Package: kubelet\nStatus: install ok installed\nVersion: 1.31.4-1.1\nDescription: x\n y\n\nPackage: z\n\n',
  ],
  parse(_, bytes) {
    node().put(LIST, `${PROGRAM}\n`);
    node().put(STATUS, bytes);
    const version = debianVersion(node().host, ['kubelet'], PROGRAM);
    mustHold(version === null || /^[\w.~+-]{0,80}$/.test(version), `a version ${version}`);
  },
};

const release: Parser = {
  files: ['collect/node-image.ts'],
  name: 'what an image calls itself',
  kind: 'text',
  samples: ['PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\n', 'worker-image\n'],
  maxBytes: 64 * 1024,
  parse(_, bytes) {
    node().put('/etc/os-release', bytes);
    node().put('/etc/hostname', bytes);
    must(nodeImageShapes.nodeImage, readNodeImage(node().host), 'nodeImage');
  },
};

export const DISK: readonly Parser[] = [program, packages, release];
