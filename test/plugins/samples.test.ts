import fs from 'node:fs';
import path from 'node:path';
import { expect, it, test } from 'vitest';
import { runPodctl } from '../support/cli.ts';
import { healthyNode } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { checksFolder, judged, SAMPLES } from './kit.ts';

/** A node on which the samples find something. */
function crowded(): string {
  const folder = checksFolder({
    'config.yaml': 'schema: podctl.config/v1\noptions: { acme.pods/crowded: { limit: 1 } }\n',
  });
  const { canary: _, ...node } = healthyNode();
  for (const [i, container] of node.containers.entries()) if (i < 1) container.image = 'acme/app:latest';
  fs.writeFileSync(path.join(folder, 'crowded.json'), JSON.stringify(snapshotOf(node)));
  return folder;
}

const samples = fs.readdirSync(SAMPLES);

test.each(samples)('%s has less than 20 lines', (name) => {
  expect(fs.readFileSync(path.join(SAMPLES, name), 'utf8').trimEnd().split('\n').length).toBeLessThan(20);
});

it('runs them beside the checks of podctl, and tells what they find', async () => {
  const folder = crowded();
  const node = [
    '--from-snapshot',
    path.join(folder, 'crowded.json'),
    '--config',
    path.join(folder, 'config.yaml'),
  ];
  const { check, code } = await judged(SAMPLES, [], node);
  expect(check('acme.pods/crowded').findings.map(({ message, severity }) => [message, severity])).toEqual([
    ['default runs 3 pods here, and may run 1', 'warning'],
  ]);
  expect(check('acme.images/latest').findings.map(({ message, subject }) => [message, subject.kind])).toEqual(
    [['app runs acme/app:latest', 'container']],
  );
  expect(check('acme.kernel/entropy')).toMatchObject({
    verdict: 'skipped',
    reason: 'its program looks at the machine that it runs on, and a snapshot is judged',
  });
  expect(check('podctl/check-unusable').verdict).toBe('pass');
  expect(code).toBe(0);
});

it('runs a program on this machine, and shows what it said', async () => {
  const live = await judged(SAMPLES, ['acme.kernel/entropy'], []);
  expect(live.check('acme.kernel/entropy').verdict).toBe('pass');
  const folder = checksFolder({
    'entropy.check.yaml': fs
      .readFileSync(path.join(SAMPLES, 'entropy.check.yaml'), 'utf8')
      .replace("'200'", "'99999'"),
    'check_entropy.sh': fs.readFileSync(path.join(SAMPLES, 'check_entropy.sh'), 'utf8'),
  });
  const low = await judged(folder, ['acme.kernel/*'], []);
  expect(low.check('acme.kernel/entropy').findings).toMatchObject([
    {
      message: expect.stringMatching(/^ENTROPY CRITICAL - \d+ bits, less than 99999$/),
      severity: 'error',
      subject: { kind: 'node', id: 'node' },
      evidence: [{ fact: 'ownConfig', at: './check_entropy.sh 99999', value: 'exit code 2' }],
    },
  ]);
  expect(low.code).toBe(1);
});

it('lists and explains them, and says where they are from', async () => {
  const list = await runPodctl(['checks', '--checks', SAMPLES]);
  const rows = list.stdout.split('\n').filter((line) => line.startsWith('acme.'));
  expect(rows.map((row) => row.split(/ {3,}/).at(-1))).toEqual(
    ['crowded.check.mjs', 'entropy.check.yaml', 'latest.check.yaml'].map((name) => path.join(SAMPLES, name)),
  );
  const one = await runPodctl([
    'checks',
    '--checks',
    path.join(SAMPLES, 'crowded.check.mjs'),
    'acme.pods/crowded',
  ]);
  expect(one.stdout).toContain(`from\n  ${path.join(SAMPLES, 'crowded.check.mjs')}`);
  expect(one.stdout).not.toContain('{{message}}');
  const json = await runPodctl(['checks', '--checks', SAMPLES, '-o', 'json', 'acme.images/latest']);
  expect(JSON.parse(json.stdout).checks).toMatchObject([
    { id: 'acme.images/latest', severity: 'warning', file: path.join(SAMPLES, 'latest.check.yaml') },
  ]);
});

it('selects them by id and glob, skips them, and does without all of them', async () => {
  const ids = async (args: string[]) => {
    const folder = crowded();
    const { report } = await judged(SAMPLES, args, ['--from-snapshot', path.join(folder, 'crowded.json')]);
    return report.checks.map(({ id }) => id).filter((id) => id.startsWith('acme.'));
  };
  expect(await ids(['acme.images/*'])).toEqual(['acme.images/latest']);
  expect(await ids(['*/*'])).toHaveLength(3);
  expect(await ids(['--skip', 'acme.*/*'])).toEqual([]);
  expect(await ids(['--checks', 'none'])).toEqual([]);
});

it('is no part of a run that names no checks of others', async () => {
  const folder = crowded();
  const { report } = await judged('none', [], ['--from-snapshot', path.join(folder, 'crowded.json')]);
  expect(report.checks.map(({ id }) => id)).not.toContain('podctl/check-unusable');
  expect(report.facts.map(({ name }) => name)).not.toContain('ownConfig');
});
