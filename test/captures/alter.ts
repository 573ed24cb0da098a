import { onTestFinished } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { type Gathering, gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { FACT_NAMES } from '../../src/model/fact-shapes.ts';
import type { ReportedFinding } from '../../src/model/report.ts';
import { type Capture, loadCapture } from './load.ts';

/** Reads a captured node, altered before, with every collector. `arrange` may change what was laid out below `root`. */
export async function look(capture: Capture, arrange: (root: string) => void = () => {}): Promise<Gathering> {
  const loaded = await loadCapture(capture);
  onTestFinished(() => loaded.close());
  arrange(loaded.host.root);
  return gather(collectors, FACT_NAMES, loaded.host, loaded.look, new AbortController().signal);
}

/** Everything that is found, whatever the age of things. */
export async function findings(facts: Gathering, minAgeMs = 0): Promise<(ReportedFinding & { check: string })[]> {
  const judged = await runChecks(builtinChecks, facts, { minAgeMs });
  return judged.flatMap(({ id, findings: all }) => all.map((one) => ({ ...one, check: id })));
}

/** What is found at warning or above, as `check message subject`. */
export async function found(facts: Gathering, minAgeMs = 0): Promise<string[]> {
  return (await findings(facts, minAgeMs))
    .filter(({ severity }) => severity !== 'info')
    .map(({ check, messageId, subject }) => `${check} ${messageId} ${subject.name ?? subject.id}`);
}

/** Takes a process out of a capture. */
export function end({ files, links }: Capture, pid: number): void {
  for (const path of Object.keys(files)) if (path.startsWith(`/proc/${pid}/`)) delete files[path];
  for (const path of Object.keys(links)) if (path.startsWith(`/proc/${pid}/`)) delete links[path];
  for (const [path, text] of Object.entries(files)) {
    if (!path.endsWith('/cgroup.procs')) continue;
    files[path] = text.split('\n').filter((line) => line !== String(pid)).join('\n');
  }
}

/** Takes lines out of every mountinfo of a capture. */
export function unmount({ files }: Capture, path: string): void {
  for (const file of Object.keys(files)) {
    if (!file.endsWith('/mountinfo')) continue;
    const lines = (files[file] ?? '').split('\n');
    files[file] = lines.filter((line) => !line.includes(` ${path} `)).join('\n');
  }
}

/** Adds a line to the mountinfo of PID 1 and of those that have the same mounts. */
export function mount({ files }: Capture, line: string): void {
  for (const file of Object.keys(files)) {
    if (/^\/proc\/\d+\/mountinfo$/.test(file)) files[file] = `${files[file]?.trimEnd()}\n${line}\n`;
  }
}
