import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { brokenReport, hostileReport } from '../report/broken-report.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';
import { healthyNode } from '../support/node.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { type Program, program } from './program.ts';

const DEBIANS = {
  name: 'prometheus',
  suite: 'bookworm',
  packages: ['prometheus', 'prometheus-node-exporter'],
};
const folder = folderForFile();
const collected = path.join(folder, 'textfile');
let promtool: Program;
let exporter: Served;

const hostileLabels = aReport([aCheck({ id: 'a"b\\c\nd\u202e{}=, 1' })], { podctl: '1"\n# EOF\n' });
const accepted = aCheck({
  id: 'netns/leaked',
  findings: [aFinding({ severity: 'warning' })],
  ignored: [{ ...aFinding(), ignored: { by: 'baseline', reason: 'known', until: '' } }],
});

beforeAll(async () => {
  promtool = await program(DEBIANS, 'usr/bin/promtool');
  fs.mkdirSync(collected);
  exporter = await serve(await program(DEBIANS, 'usr/bin/prometheus-node-exporter'));
});

afterAll(() => exporter?.end());

test.each([
  ['healthy', aReport([aCheck()])],
  ['sick', brokenReport],
  ['with accepted findings', aReport([accepted])],
  ['of which nothing is known', aReport([], { sandboxes: null, containers: null, complete: false })],
  ['hostile', hostileReport],
  ['hostile in its labels', hostileLabels],
])('promtool finds no fault in the metrics of a node: %s', async (_, report) => {
  expect(await check(renderPrometheus(distinct(report)))).toEqual({ code: 0, said: '' });
});

test('promtool does find faults', async () => {
  const { code, said } = await check('# TYPE podctl_x gauge\npodctl_x 1\npodctl_x 2\n');
  expect(code).not.toBe(0);
  expect(said).not.toBe('');
});

test('node_exporter serves the file that the doctor wrote, under any umask', async () => {
  const snapshot = path.join(folder, 'node.json');
  const { canary: _, ...node } = healthyNode();
  fs.writeFileSync(snapshot, JSON.stringify(snapshotOf({ ...node, images: [] })));
  const file = path.join(collected, 'podctl.prom');
  const before = process.umask(0o077);
  try {
    const args = ['doctor', '--from-snapshot', snapshot, '--report', `prometheus=${file}`];
    expect((await runPodctl(args)).code).toBe(1);
  } finally {
    process.umask(before);
  }
  expect(fs.readdirSync(collected)).toEqual(['podctl.prom']);
  expect(fs.statSync(file).mode & 0o777).toBe(0o644);
  const series = await exporter.scrape();
  expect(Object.fromEntries(series)).toMatchObject({
    node_textfile_scrape_error: 0,
    'podctl_findings{check="image/sandbox-image-missing",severity="error"}': 1,
    'podctl_findings{check="image/sandbox-image-missing",severity="warning"}': 0,
    'podctl_findings_ignored{check="image/sandbox-image-missing"}': 0,
    'podctl_check_verdict{check="image/sandbox-image-missing",verdict="found"}': 1,
    podctl_sandboxes: node.sandboxes.length,
    podctl_run_complete: 1,
    podctl_doctor_last_run_timestamp_seconds: Date.parse('2026-11-23T12:00:00.000Z') / 1000,
  });
});

test('what was accepted is a series of its own; hostile labels spoil no other file', async () => {
  fs.writeFileSync(path.join(collected, 'podctl.prom'), renderPrometheus(aReport([accepted])));
  const series = await exporter.scrape();
  expect(series.get('podctl_findings_ignored{check="netns/leaked"}')).toBe(1);
  expect(series.get('podctl_findings{check="netns/leaked",severity="error"}')).toBe(0);
  fs.writeFileSync(path.join(collected, 'podctl.prom'), renderPrometheus(hostileLabels));
  expect((await exporter.scrape()).get('node_textfile_scrape_error')).toBe(0);
  fs.writeFileSync(path.join(collected, 'podctl.prom'), 'podctl_findings{check="x"} 1 1\n');
  expect((await exporter.scrape()).get('node_textfile_scrape_error')).toBe(1);
});

/** Sample reports may name a check twice, which no run does. */
function distinct(report: typeof brokenReport): typeof brokenReport {
  return { ...report, checks: report.checks.map((c, n) => ({ ...c, id: `${c.id}-${n}` })) };
}

function check(metrics: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(promtool.file, ['check', 'metrics'], { env: promtool.env }, (_, out, err) =>
      resolve({ code: child.exitCode, said: out + err }),
    );
    child.stdin?.end(metrics);
  });
}

interface Served {
  scrape(): Promise<Map<string, number>>;
  end(): void;
}

/** node_exporter with its textfile collector alone, on a port that the kernel chose. */
function serve({ file, env }: Program): Promise<Served> {
  const args = ['--web.listen-address=127.0.0.1:0', '--collector.disable-defaults', '--collector.textfile'];
  const child = spawn(file, [...args, `--collector.textfile.directory=${collected}`], { env });
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`node_exporter ended: ${said}`)));
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const address = /address=(127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (address === undefined) return;
      resolve({ scrape: () => scrape(`http://${address}/metrics`), end: () => child.kill() });
    });
  });
}

async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), lastNumber(line)]));
}

function lastNumber(line: string): number {
  return Number(line.slice(line.lastIndexOf(' ') + 1));
}
