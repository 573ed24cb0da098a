/** What is podctl's own of a command line: what stands behind `--` is a program's that it runs. */
export function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

/** What follows each `-o`, also of a command line that cannot be parsed. */
export function outputsIn(argv: readonly string[]): string[] {
  const own = ownWords(argv);
  return own.flatMap((word, n) => {
    if (word === '-o' || word === '--output') return own[n + 1] ?? [];
    return /^(?:-o=?|--output=)(.+)$/.exec(word)?.[1] ?? [];
  });
}

/** Formats whose readers have exit codes of their own. */
export const MONITORS = ['nagios', 'npd'] as const;
export type MonitorFormat = (typeof MONITORS)[number];

/** Who reads what a command line that could not be carried out prints; undefined: nobody but people. */
export function monitorOf(argv: readonly string[]): MonitorFormat | undefined {
  if (!ownWords(argv).includes('doctor')) return undefined;
  const outputs = outputsIn(argv);
  return MONITORS.find((format) => outputs.includes(format));
}
