import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { reportOf, root } from '../../support/cli.ts';
import { healthyNode } from '../../support/node.ts';
import { snapshotOf } from '../../support/snapshot.ts';

const file = path.join(root, 'src/cli/author/example.snapshot.json');

/** What a look at a node at a running node without --active has. */
function example(): string {
  const { canary: _, ownConfig: __, nodeImage: ___, ...facts } = healthyNode();
  return `${JSON.stringify(snapshotOf(facts))}\n`;
}

if (process.env.PODCTL_RECORD) fs.writeFileSync(file, example());

test('the example node is the one that our own tests begin with (PODCTL_RECORD=1 writes it)', () => {
  expect(fs.readFileSync(file, 'utf8')).toBe(example());
});

test('nothing is wrong with it', async () => {
  const { code, report } = await reportOf(['--from-snapshot', file]);
  expect(code).toBe(0);
  expect(report.checks.filter(({ verdict }) => verdict === 'found' || verdict === 'unknown')).toEqual([]);
  expect(report.sandboxes).toBeGreaterThan(0);
});
