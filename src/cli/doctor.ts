import { unusedIgnores } from '../check/policy.ts';
import { writeFileAtomic } from '../host/write-file.ts';
import type { FactName } from '../model/facts.ts';
import type { Report, ReportedCheck } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { escapeText } from '../report/escape.ts';
import { renderJson } from '../report/json.ts';
import type { LoadedBaseline } from './baseline.ts';
import { describe } from './describe.ts';
import { exitCode, lackingFacts } from './exit-code.ts';
import { dayOf } from './judge.ts';
import { type Look, see, wantedBy } from './look.ts';
import { monitorExit } from './monitor.ts';
import { render } from './render.ts';
import { knownBefore, reportOn } from './report-on.ts';
import type { DoctorRequest } from './request.ts';
import { saveSnapshot } from './snapshot.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const READABLE = 0o644;
/** node_exporter is no root: what it collects must be readable whatever our umask says. */
const OURSELVES = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };

/** Looks, judges, tells. Returns the exit code. */
export async function doctor(request: DoctorRequest, terminal: Terminal): Promise<number> {
  const baseline = await knownBefore(request);
  const { snapshot, interrupted } = await lookFor(request, terminal);
  if (request.saveSnapshot !== null) saveSnapshot(request.saveSnapshot, snapshot);
  if (request.debug) traceFacts(snapshot.facts, terminal);
  const report = await reportOn(request, snapshot, baseline);
  if (baseline !== null || request.saveBaseline !== null)
    await keepBaseline(report, request, baseline, terminal);
  tellUnused(report.checks, request, dayOf(snapshot.takenAt), terminal);
  await publish(report, request, terminal, snapshot.facts);
  for (const name of lackingFacts(report, request.require)) terminal.err(`${lackText(report, name)}\n`);
  return (
    (await monitorExit(report, request)) ?? interrupted ?? exitCode(report, request.failOn, request.require)
  );
}

/** Why the exit code says that not all could be seen, although no check was hindered. */
function lackText(report: Report, required: FactName): string {
  const fact = report.facts.find(({ name }) => name === required);
  const why = fact?.reason || fact?.problems[0]?.message || 'nobody looked for it';
  return `--require: ${required} is ${fact?.status ?? 'absent'}: ${escapeText(why)}`;
}

async function keepBaseline(
  report: Report,
  { saveBaseline: file }: DoctorRequest,
  baseline: LoadedBaseline | null,
  terminal: Terminal,
): Promise<void> {
  const { noteOtherNode, saveBaseline } = await import('./baseline.ts');
  noteOtherNode(baseline, report, terminal);
  if (file !== null) saveBaseline(file, report, baseline);
}

/** Ignores that are of no use: the fault that they were for is gone, or they never fitted. */
function tellUnused(
  checks: readonly ReportedCheck[],
  { policy, verbosity }: DoctorRequest,
  today: string,
  terminal: Terminal,
): void {
  if (verbosity === 0) return;
  for (const { file, line } of unusedIgnores(checks, policy, today))
    terminal.err(`note: ${escapeText(file)}:${line}: nothing was found that this would ignore\n`);
}

async function lookFor(request: DoctorRequest, terminal: Terminal): Promise<Look> {
  const { active } = request;
  if (active === null) return see(wantedBy(request), request, terminal);
  return (await import('./active/look.ts')).lookActively({ ...request, active }, terminal);
}

/** The report on stdout, and in the files that were asked for. */
export async function publish(
  report: Report,
  request: DoctorRequest,
  terminal: Terminal,
  facts: Snapshot['facts'],
): Promise<void> {
  terminal.out(await result(report, request, terminal, facts));
  await writeReports(report, request, terminal, facts);
  const { GITHUB_STEP_SUMMARY: summary } = terminal.env;
  if (request.output === 'github' && summary) {
    const metas = request.checks.map(({ meta }) => meta);
    (await import('./job-summary.ts')).addJobSummary(summary, report, metas);
  }
}

/** Every file whole or not at all. Throws a UsageError for the first that cannot be written. */
export async function writeReports(
  report: Report,
  request: DoctorRequest,
  terminal: Terminal,
  facts: Snapshot['facts'],
): Promise<void> {
  for (const target of request.reports) await writeReport(report, target, request, terminal, facts);
}

/** What stdout shows. Worker threads are loaded only for --jq. */
async function result(
  report: Report,
  request: DoctorRequest,
  terminal: Terminal,
  facts: Snapshot['facts'],
): Promise<string> {
  if (request.jq === null) return render(report, request.output, request, terminal, facts);
  const { applyJq } = await import('./jq.ts');
  return applyJq(renderJson(report), request.jq);
}

/** A file is no terminal: no colours unless they were asked for. */
async function writeReport(
  report: Report,
  { format, file }: DoctorRequest['reports'][number],
  request: DoctorRequest,
  terminal: Terminal,
  facts: Snapshot['facts'],
): Promise<void> {
  const nobody = { ...terminal, isTerminal: false, columns: 80 };
  const text = await render(report, format, request, nobody, facts);
  try {
    writeFileAtomic(file, text, READABLE, format === 'prometheus' ? OURSELVES : undefined);
  } catch (error) {
    throw new UsageError(`cannot write the report ${file}: ${describe(error)}`, 'name a file you may write');
  }
}

export function traceFacts(facts: Look['snapshot']['facts'], terminal: Terminal): void {
  for (const [name, { status, ms }] of Object.entries(facts))
    terminal.err(`debug: fact ${name} ${status} ${ms} ms\n`);
}
