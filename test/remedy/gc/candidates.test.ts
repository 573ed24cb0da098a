import { expect, test } from 'vitest';
import { candidatesOf } from '../../../src/remedy/gc/candidates.ts';
import { notPossible } from '../../../src/remedy/plans/known.ts';
import type { Remedy } from '../../../src/remedy/remedy.ts';
import { emptyNode } from '../../support/node.ts';
import { aCheck, aFinding } from '../../support/report.ts';
import { lookedAt } from './candidate.ts';

const OPTIONS = { assumeNoKubelet: false, force: [], risk: 'safe', pauseArchive: null } as const;

test('what is only good to know is no candidate where it has no cure, unless it was left behind', () => {
  const remedy: Remedy = { check: 'a/b', messages: null, kind: null, plan: () => notPossible('why', 'what') };
  const found = (severity: 'info' | 'warning', kind: Remedy['kind']) => {
    const checks = [aCheck({ id: 'a/b', findings: [aFinding({ severity })] })];
    return candidatesOf({ ...lookedAt(emptyNode()), checks }, () => ({ ...remedy, kind }), OPTIONS).length;
  };
  expect([found('info', null), found('warning', null), found('info', 'ipam')]).toEqual([0, 1, 1]);
});
