import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { folderForFile, root } from '../support/cli.ts';
import { nodeImage, PLUGINS } from '../support/node-image.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { type Runner, runJob } from './workflow.ts';

const PIPELINES = path.join(root, 'test/pipelines');
const INSTALLED = ['actions/checkout@v4', 'Install podctl'];
const folder = folderForFile();
let tarball: string;
let runner: Runner;

beforeAll(() => {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  tarball = path.join(folder, execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim());
});

beforeEach(() => {
  runner = { home: temporaryFolder(), temp: temporaryFolder(), workspace: temporaryFolder() };
  fs.copyFileSync(tarball, path.join(runner.workspace, path.basename(tarball)));
});

const reportIn = ({ workspace }: Runner): Report =>
  JSON.parse(fs.readFileSync(path.join(workspace, 'podctl-report.json'), 'utf8'));

test('a bare runner: podctl is installed, looks at the node, and what it saw is kept', () => {
  const run = runJob(path.join(PIPELINES, 'node.yml'), runner);
  const report = reportIn(runner);
  const isSick = report.counts.error + report.counts.warning > 0;
  const code = isSick ? 1 : report.counts.unknown > 0 ? 3 : 0;
  expect(run.failed?.code ?? 0, run.failed?.stderr).toBe(code);
  expect(run.begun).toEqual([
    ...INSTALLED,
    'Look at the node',
    'github/codeql-action/upload-sarif@v3',
    'actions/upload-artifact@v4',
  ]);
  expect(run.uploaded).toEqual([
    'podctl.sarif',
    'podctl-report.json',
    'podctl-snapshot.json',
    'podctl-junit.xml',
    'podctl.sarif',
  ]);
  expect(run.summary).toMatch(/^## .* podctl doctor: .*checks? pass/s);
  expect(report.schema).toBe('podctl.report/v1');
});

async function image(harm: (root: string) => void): Promise<void> {
  const built = temporaryFolder();
  await nodeImage(built, '1.7');
  harm(built);
  execFileSync('tar', ['-C', built, '-cf', path.join(runner.workspace, 'image.tar'), '.']);
}

test('an image build: a sound image goes on', async () => {
  await image(() => {});
  const run = runJob(path.join(PIPELINES, 'image.yml'), runner);
  expect(run.failed).toBeNull();
  expect(run.begun).toEqual([
    ...INSTALLED,
    'Unpack the image',
    'Judge it',
    'actions/upload-artifact@v4',
    'Let it go on',
  ]);
  expect(run).toMatchObject({ output: 'image=image.tar\n', uploaded: ['podctl-report.json'] });
  expect(reportIn(runner)).toMatchObject({ node: 'golden', counts: { error: 0, warning: 0, unknown: 0 } });
});

test('an image build: one that lacks a plugin does not, and its report is kept', async () => {
  await image((built) => fs.rmSync(path.join(built, PLUGINS, 'bridge')));
  const run = runJob(path.join(PIPELINES, 'image.yml'), runner);
  expect(run.failed).toMatchObject({ step: 'Judge it', code: 1 });
  expect(run.begun.at(-1)).toBe('actions/upload-artifact@v4');
  expect(run).toMatchObject({ output: '', uploaded: ['podctl-report.json'] });
  expect(reportIn(runner).counts.error).toBe(1);
});

test('an image build: one without a runtime does not either, although nothing is wrong with it', async () => {
  await image((built) => {
    for (const part of ['usr/bin/containerd', 'etc/containerd'])
      fs.rmSync(path.join(built, part), { recursive: true });
  });
  const { failed } = runJob(path.join(PIPELINES, 'image.yml'), runner);
  expect(failed).toMatchObject({ step: 'Judge it', code: 3 });
  expect(failed?.stderr).toContain('--require: runtimeConfig is absent');
});
