/** A processor as Node, ELF (its number) and the kernel's emulators call it, and what else its kernels run. */
interface Machine {
  arch: string;
  elf: number;
  names: readonly string[];
  alsoRuns: readonly number[];
}

export const MACHINES: readonly Machine[] = [
  { arch: 'x64', elf: 62, names: ['x86_64', 'amd64'], alsoRuns: [3] },
  { arch: 'ia32', elf: 3, names: ['i386', '386'], alsoRuns: [] },
  { arch: 'arm64', elf: 183, names: ['aarch64', 'arm64'], alsoRuns: [40] },
  { arch: 'arm', elf: 40, names: ['arm'], alsoRuns: [] },
  { arch: 'ppc64', elf: 21, names: ['ppc64le', 'ppc64'], alsoRuns: [20] },
  { arch: 's390x', elf: 22, names: ['s390x'], alsoRuns: [] },
  { arch: 'riscv64', elf: 243, names: ['riscv64'], alsoRuns: [] },
  { arch: 'loong64', elf: 258, names: ['loongarch64', 'loong64'], alsoRuns: [] },
];
