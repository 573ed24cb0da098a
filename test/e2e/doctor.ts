import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Severity, SubjectKind } from '../../src/model/check.ts';
import type { Report } from '../../src/model/report.ts';
import type { Containerd } from '../rig/containerd.ts';
import { type Home, MACHINE } from '../rig/home.ts';
import { repositoryRoot } from '../rig/repository.ts';

export interface DoctorRun {
  exitCode: number | null;
  report: Report;
  stdout: string;
  stderr: string;
}

/** The built command. Throws when there is none. */
export function podctl(): string {
  const program = path.join(repositoryRoot(), 'dist/podctl.js');
  if (!fs.existsSync(program)) throw new Error(`${program} is not built: node .ci/build.mjs`);
  return program;
}

/** Runs the built doctor as a user would and reads its JSON report. Throws when it prints none. */
export function runDoctor(args: string[], { enter, tools }: Home = MACHINE): Promise<DoctorRun> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: [...tools, process.env.PATH].join(':') };
    const options = { maxBuffer: 256 * 1024 * 1024, env };
    const [program = '', ...words] = [...enter, podctl(), 'doctor', '-o', 'json', ...args];
    const child = execFile(program, words, options, (_, stdout, stderr) => {
      try {
        resolve({ exitCode: child.exitCode, report: JSON.parse(stdout), stdout, stderr });
      } catch {
        reject(new Error(`doctor ${args.join(' ')}: no report (exit ${child.exitCode}): ${stderr}`));
      }
    });
  });
}

/** The doctor on a rig. */
export function examine(containerd: Containerd, args: string[] = []): Promise<DoctorRun> {
  return runDoctor(['--runtime-endpoint', containerd.socket, ...args], containerd.home);
}

/** A finding as the tables of the tests write it. */
export interface Seen {
  check: string;
  messageId: string;
  severity: Severity;
  kind: SubjectKind;
  id: string;
}

/** Findings of a report, in a fixed order; without `all` those at warning or above. */
export function seenIn(report: Report, all = false): Seen[] {
  return report.checks
    .flatMap((check) =>
      check.findings.map(({ messageId, severity, subject }) => {
        return { check: check.id, messageId, severity, kind: subject.kind, id: subject.id };
      }),
    )
    .filter((finding) => all || finding.severity !== 'info')
    .sort((a, b) => compare(`${a.check} ${a.id}`, `${b.check} ${b.id}`));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
