import type { ReadHost } from '../host/read-host.ts';
import type { NodeImageFact } from '../model/facts.ts';
import { complete } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { ELF_START, machineOf } from './elf.ts';
import { programOnDisk } from './on-disk/programs.ts';

const NAMES = ['containerd', 'crio', 'kubelet'] as const;
/** Programs that every node has, for its machine. */
const USUAL = ['/usr/bin/env', '/bin/sh', '/usr/lib/systemd/systemd'];
const MAX_BYTES = 64 * 1024;

export const nodeImageCollector: Collector<'nodeImage'> = {
  fact: 'nodeImage',
  summary: 'a node image below --root: its name, its machine, its programs and their versions',
  timeoutMs: 5000,
  collect: ({ host }) => complete(readNodeImage(host)),
};

/** What the files of an image say of it. Never throws. */
export function readNodeImage(host: ReadHost): NodeImageFact {
  const programs = NAMES.flatMap((name) => programOnDisk(host, name) ?? []);
  const release = firstText(host, ['/etc/os-release', '/usr/lib/os-release']);
  const arch = [...programs.map(({ path }) => path), ...USUAL]
    .map((file) => machine(host, file))
    .find(isKnown);
  return {
    name: firstText(host, ['/etc/hostname']).trim().split('\n')[0] ?? '',
    os: /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? '',
    arch: arch ?? '',
    programs,
  };
}

function isKnown(arch: string): boolean {
  return arch !== '' && arch !== 'script';
}

function machine(host: ReadHost, file: string): string {
  try {
    return machineOf(host.readStart(file, ELF_START).bytes);
  } catch {
    return '';
  }
}

function firstText(host: ReadHost, files: readonly string[]): string {
  for (const file of files) {
    try {
      return host.readFile(file, { follow: true, max: MAX_BYTES });
    } catch {
      // The next one may be there.
    }
  }
  return '';
}
