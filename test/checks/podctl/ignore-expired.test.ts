import { expect, test } from 'vitest';
import check from '../../../checks/podctl/ignore-expired.ts';
import { judging } from '../../../src/check/judging.ts';
import { builtinChecks } from '../../../src/cli/builtin-checks.ts';
import type { IgnoreRule } from '../../../src/model/own-config-facts.ts';
import { DAY, emptyNode, judge, NOW } from '../../support/node.ts';

const day = (time: number) => new Date(time).toISOString().slice(0, 10);

function ignoring(...untils: string[]) {
  const node = emptyNode();
  const ignores = untils.map(
    (until, i): IgnoreRule => ({
      check: 'cni/*',
      subject: '10.88.0.*',
      reason: 'test bench',
      until,
      file: '/etc/podctl/config.yaml',
      line: 10 * (i + 1),
    }),
  );
  node.ownConfig = { files: ['/etc/podctl/config.yaml'], ignores, checkFiles: [] };
  return node;
}

test('an ignore holds for ever, until a day to come, and on its last day', async () => {
  expect(await judge(check, ignoring())).toMatchObject({ verdict: 'pass' });
  expect(await judge(check, ignoring('', day(NOW + DAY), day(NOW)))).toMatchObject({ verdict: 'pass' });
});

test('one that ended yesterday is named by file and line', async () => {
  const until = day(NOW - DAY);
  const { findings } = await judge(check, ignoring('', until));
  expect(findings).toMatchObject([
    {
      severity: 'warning',
      subject: { kind: 'file', id: '/etc/podctl/config.yaml:20' },
      message: `findings of cni/* about 10.88.0.* are not ignored any more: that was to end on ${until} (test bench)`,
    },
  ]);
});

test('where there is no configuration the question does not arise', () => {
  const ids = judging(builtinChecks, {}).map(({ meta }) => meta.id);
  expect(ids).not.toContain('podctl/ignore-expired');
});
