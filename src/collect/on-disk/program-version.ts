import type { ReadHost } from '../../host/read-host.ts';
import type { NodeProgram } from '../../model/facts.ts';
import { parseRelease } from '../config/release.ts';
import { elfSections, type Section } from './elf-sections.ts';
import { type GoBuild, goBuild, loneReleases } from './go-program.ts';
import { debianVersion } from './package-version.ts';

interface Known {
  /** Package of the main function. */
  main: RegExp;
  /** Variable that the linker is told to fill. */
  variable: RegExp;
  packages: readonly string[];
}

const KNOWN: Readonly<Record<NodeProgram['name'], Known>> = {
  containerd: {
    main: /^github\.com\/containerd\/containerd(\/v\d+)?\/cmd\/containerd$/,
    variable: /^github\.com\/containerd\/containerd(\/v\d+)?\/version\.Version$/,
    packages: ['containerd', 'containerd.io'],
  },
  crio: {
    main: /^github\.com\/cri-o\/cri-o\/cmd\/crio$/,
    variable: /^github\.com\/cri-o\/cri-o\/internal\/(?:pkg\/)?version\.(?:V|v)ersion$/,
    packages: ['cri-o', 'crio'],
  },
  kubelet: {
    main: /^k8s\.io\/kubernetes\/cmd\/kubelet$/,
    variable: /^k8s\.io\/(?:component-base|client-go\/pkg)\/version\.gitVersion$/,
    packages: ['kubelet'],
  },
};

/**
 * The release of a program, without running it: as its builder wrote it into the file, else that of the package it
 * came with. Null where neither tells, or where the file is another program than its name says.
 */
export function versionOnDisk(host: ReadHost, name: NodeProgram['name'], file: string): string | null {
  const { main, packages } = KNOWN[name];
  try {
    const sections = elfSections(host, file);
    const info = sections.get('.go.buildinfo');
    const build = info ? goBuild(host, file, info) : null;
    if (build && !main.test(build.path)) return null;
    const built = build && builtVersion(host, name, file, build, sections.get('.rodata'));
    return (built ?? debianVersion(host, packages, file))?.replace(/^v(?=\d)/, '') ?? null;
  } catch {
    return null;
  }
}

function builtVersion(
  host: ReadHost,
  name: NodeProgram['name'],
  file: string,
  { version, linked }: GoBuild,
  constants: Section | undefined,
): string | null {
  const told = [...linked].find(([variable]) => KNOWN[name].variable.test(variable))?.[1];
  if (told !== undefined) return told;
  if (parseRelease(version) !== null && !version.startsWith('v0.0.0-')) return version;
  if (constants === undefined) return null;
  const releases = [...loneReleases(host, file, constants)];
  const [first = null, ...others] = releases;
  return others.every((other) => sameRelease(other, first ?? '')) ? first : null;
}

function sameRelease(a: string, b: string): boolean {
  return JSON.stringify(parseRelease(a)) === JSON.stringify(parseRelease(b));
}
