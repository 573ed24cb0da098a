import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Report, ReportedCheck } from '../../src/model/report.ts';
import { type Ran, root, runPodctl } from '../support/cli.ts';
import { healthyNode } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

export const SAMPLES = path.join(root, 'test/plugins/samples');
/** The saved node that lies in every folder of checks: it is judged in a moment, and is always the same. */
export const nodeIn = (folder: string) => path.join(folder, 'node.json');

/** A folder that goes with the test, and that nobody else can write. */
export function checksFolder(files: Record<string, string>): string {
  const folder = fs.realpathSync(fs.mkdtempSync('/tmp/podctl-plugins-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.chmodSync(folder, 0o755);
  for (const [name, text] of Object.entries(files)) {
    const isScript = text.startsWith('#!');
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
    fs.chmodSync(path.join(folder, name), isScript ? 0o755 : 0o644);
  }
  const { canary: _, ...node } = healthyNode();
  fs.writeFileSync(nodeIn(folder), JSON.stringify(snapshotOf(node)));
  return folder;
}

const META = (id: string, more: string) =>
  `{ id: '${id}', title: 'All is well', failureTitle: 'Something is wrong', why: 'It matters'${more} }`;

/** A module with one check whose `run` has this body. */
export function moduleOf(id: string, body: string, timeout = '1s'): string {
  const needs = ", needs: ['host', 'sandboxes']";
  return `export default { meta: ${META(id, needs)}, timeout: '${timeout}', run(facts, settings) { ${body} } };\n`;
}

export function jqOf(id: string, jq: string): string {
  return document('JqCheck', id, { timeout: '1s', jq });
}

/** A program that is given the facts, so that it runs on a recorded node too. */
export function execOf(id: string, command: string[], more: Record<string, unknown> = {}): string {
  return document('ExecCheck', id, { command, dialect: 'nagios', stdin: 'facts', timeout: '1s', ...more });
}

function document(kind: string, id: string, more: Record<string, unknown>): string {
  const meta = {
    id,
    title: 'All is well',
    failureTitle: 'Something is wrong',
    why: 'It matters',
    needs: ['host'],
  };
  return `${JSON.stringify({ schema: 'podctl.check/v1', kind, meta, ...more }, null, 2)}\n`;
}

export interface Judged extends Ran {
  report: Report;
  check(id: string): ReportedCheck;
}

/** The doctor on the recorded node, with the checks of a folder. */
export async function judged(
  folder: string,
  args: string[] = [],
  node = ['--from-snapshot', nodeIn(folder)],
): Promise<Judged> {
  const ran = await runPodctl(['doctor', '-o', 'json', '--checks', folder, ...node, ...args]);
  if (!ran.stdout.startsWith('{')) throw new Error(`no report: ${ran.stderr}`);
  const report: Report = JSON.parse(ran.stdout);
  const check = (id: string) => {
    const found = report.checks.find((one) => one.id === id);
    if (!found) throw new Error(`${id} was not judged`);
    return found;
  };
  return { ...ran, report, check };
}
