import type { Report } from '../model/report.ts';
import { buildReport } from '../report/report.ts';
import type { Args } from './args.ts';
import type { Cured } from './cure/cure.ts';
import { cureExit } from './cure/exit.ts';
import { tellEnd } from './cure/finish.ts';
import { type CureRequest, cureRequest, riskOf } from './cure/request.ts';
import { underLock } from './cure/under-lock.ts';
import { publish } from './doctor.ts';
import { exitCode } from './exit-code.ts';
import { MONITORS } from './output-asked.ts';
import type { DoctorRequest } from './request.ts';
import { saveSnapshot } from './snapshot.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

const MIN_AGE = '10m';

/** `podctl doctor --fix`: cures what there is a remedy for, and gives the verdict of a fresh look. */
export async function fixCommand(
  doctor: DoctorRequest,
  args: Args,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const request = requestOf(doctor, args, argv, terminal);
  const isTable = doctor.jq === null && (doctor.output === 'table' || doctor.output === 'wide');
  const manner = { command: 'doctor --fix', tells: isTable, choose: null };
  return underLock(request, manner, terminal, async (cured) => {
    tellEnd(cured, request, isTable, terminal);
    if (doctor.saveSnapshot !== null) saveSnapshot(doctor.saveSnapshot, cured.last.snapshot);
    const report = reportOf(cured);
    await publish(report, doctor, terminal, cured.last.snapshot.facts);
    return cureExit(cured) || exitCode(report, doctor.failOn, doctor.require);
  });
}

function requestOf(
  doctor: DoctorRequest,
  args: Args,
  argv: readonly string[],
  terminal: Terminal,
): CureRequest {
  if (doctor.fromSnapshot !== null)
    throw new UsageError('--fix cannot go with --from-snapshot, which looks at no node', 'leave out one');
  if (doctor.root !== null && doctor.root !== '')
    throw new UsageError('--fix cures the machine that it runs on, not one below --root', 'run it there');
  if (MONITORS.some((format) => format === doctor.output))
    throw new UsageError(`-o ${doctor.output} tells of a look, not of a cure`, 'leave out one');
  const known =
    doctor.baseline !== null ? '--baseline' : doctor.saveBaseline !== null ? '--save-baseline' : null;
  if (known !== null)
    throw new UsageError(`--fix cannot go with ${known}: it cures what is known, too`, 'leave out one');
  const what = {
    kinds: null,
    risk: riskOf(args) ?? 'safe',
    checks: doctor.checks,
    policy: doctor.policy,
    minAge: MIN_AGE,
  };
  return cureRequest(args, terminal.env, argv, what);
}

function reportOf(cured: Cured): Report {
  const report = buildReport(VERSION, cured.last.snapshot, cured.last.checks);
  return {
    ...report,
    complete: report.complete && cured.interrupted === undefined,
    plans: cured.plans,
    applied: cured.applied,
  };
}
