import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

interface Step {
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}

/** A runner with nothing on it but Node.js, bash and tar. Every path is a folder of its own. */
export interface Runner {
  home: string;
  temp: string;
  workspace: string;
}

export interface JobRun {
  /** Names of the steps that were begun, `uses` for those without one. */
  begun: string[];
  /** The first step that failed, and how; null when all went well. */
  failed: { step: string; code: number | null; stderr: string } | null;
  summary: string;
  output: string;
  /** What a step would have uploaded: files that were there. */
  uploaded: string[];
}

const FILES = ['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_ENV'];

/** The steps of a workflow's only job, carried out as GitHub's runner does. Actions upload nothing, and are noted. */
export function runJob(file: string, runner: Runner): JobRun {
  const [job] = Object.values(parse(fs.readFileSync(file, 'utf8')).jobs as Record<string, { steps: Step[] }>);
  const written = Object.fromEntries(FILES.map((name) => [name, path.join(runner.temp, name)]));
  for (const at of Object.values(written)) fs.writeFileSync(at, '');
  const said = (name: string) => fs.readFileSync(written[name] ?? '', 'utf8');
  const run: JobRun = { begun: [], failed: null, summary: '', output: '', uploaded: [] };
  for (const step of job?.steps ?? []) {
    const name = step.name ?? step.uses ?? '';
    if (run.failed && step.if !== 'always()') continue;
    run.begun.push(name);
    if (step.uses !== undefined) run.uploaded.push(...uploads(step, runner));
    if (step.run === undefined) continue;
    const { status, stderr } = bash(step.run, runner, { ...written, PATH: pathOf(said('GITHUB_PATH')) });
    if (status !== 0) run.failed ??= { step: name, code: status, stderr };
  }
  return { ...run, summary: said('GITHUB_STEP_SUMMARY'), output: said('GITHUB_OUTPUT') };
}

function bash(script: string, { home, temp, workspace }: Runner, env: Record<string, string>) {
  const file = path.join(temp, 'step.sh');
  fs.writeFileSync(file, script);
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    cwd: workspace,
    encoding: 'utf8',
    env: { HOME: home, RUNNER_TEMP: temp, CI: 'true', GITHUB_ACTIONS: 'true', ...env },
  });
}

function pathOf(added: string): string {
  const own = added.split('\n').filter((folder) => folder !== '');
  return [...own, path.dirname(process.execPath), '/usr/bin', '/bin'].join(':');
}

/** Throws for a file that an upload names and nobody wrote. */
function uploads(step: Step, { workspace }: Runner): string[] {
  const named = Object.entries(step.with ?? {}).flatMap(([key, value]) =>
    ['path', 'sarif_file'].includes(key) ? value.trim().split('\n') : [],
  );
  for (const file of named) fs.accessSync(path.join(workspace, file));
  return named;
}
