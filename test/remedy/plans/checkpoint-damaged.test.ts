import { expect, test } from 'vitest';
import check from '../../../checks/sandbox/checkpoint-damaged.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { DAY, emptyNode, id, NOW } from '../../support/node.ts';
import { kinds, plan, planOn, refusal } from '../../support/planned.ts';

const PATH = `/var/lib/cri-dockerd/sandbox/${id('a')}`;
const FILE = { dev: 1, ino: 2, size: 0, mtimeMs: NOW - DAY, sha256: 'e3b0' };

function damaged(): Facts {
  const node = emptyNode();
  node.criDockerd.checkpoints = [{ path: PATH, sandboxId: id('a'), state: 'empty', mtime: NOW - DAY }];
  return node;
}

test('the very file that was seen goes, and nothing else', async () => {
  const made = plan(await planOn(check, damaged(), { identify: () => FILE as never }));
  expect(made.risk).toBe('safe');
  expect(kinds(made)).toEqual(['remove-file']);
  expect(made.steps[0]?.guards).toEqual([{ kind: 'file-is', path: PATH, file: FILE }]);
});

test('a file that was changed since is left alone', async () => {
  expect(refusal(await planOn(check, damaged(), { identify: () => null })).reason).toContain('changed since');
  const other = planOn(
    check,
    damaged(),
    {},
    { criDockerd: { status: 'absent', reason: 'gone', ms: 0 } as never },
  );
  expect(refusal(await other).reason).toContain('without criDockerd there is no plan');
});
