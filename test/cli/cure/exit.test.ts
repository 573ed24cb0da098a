import { expect, test } from 'vitest';
import type { Cured } from '../../../src/cli/cure/cure.ts';
import { cureExit } from '../../../src/cli/cure/exit.ts';
import type { ItemState } from '../../../src/remedy/gc/decide.ts';
import { candidate, lookedAt } from '../../remedy/gc/candidate.ts';
import { emptyNode } from '../../support/node.ts';
import { aFinding } from '../../support/report.ts';
import { snapshotOf } from '../../support/snapshot.ts';

function ended(
  states: ItemState[],
  over: Partial<Cured> = {},
  unseen: Cured['last']['unseen'] = [],
  uncured: Cured['last']['uncured'] = [],
): number {
  const node = emptyNode();
  const judged = {
    ...lookedAt(node),
    snapshot: snapshotOf(node),
    candidates: [],
    unseen,
    uncured,
    ignored: [],
  };
  const items = states.map((state) => ({ candidate: candidate(), state, reason: '', refusal: null }));
  return cureExit({
    judged,
    items,
    plans: [],
    limits: [],
    tooMany: [],
    consent: 'carry-out',
    applied: [],
    runs: [],
    last: judged,
    interrupted: undefined,
    mismatches: [],
    ...over,
  });
}

const unseen = [{ check: 'netns/leaked', reason: 'frozen' }];

test('0: all of it is gone, or there was nothing', () => {
  expect(ended([])).toBe(0);
  expect(ended(['gone', 'gone'])).toBe(0);
});

test('1: something is planned, or left', () => {
  const states: ItemState[] = ['left', 'not-reached', 'changed', 'set-aside'];
  for (const state of states) expect(ended(['gone', state])).toBe(1);
  expect(ended(['going'], { consent: 'show' })).toBe(1);
  expect(ended([], {}, [], [{ check: 'cni/leaked-reservation', finding: aFinding() }])).toBe(1);
  expect(ended(['left', 'refused'], {}, unseen)).toBe(1);
});

test('what is only good to know, and was set aside, is nothing that is left', () => {
  const { finding, ...rest } = candidate({ kind: null });
  const told = (severity: 'info' | 'warning') =>
    ended([], {
      items: [
        {
          candidate: { ...rest, finding: { ...finding, severity } },
          state: 'set-aside',
          reason: '',
          refusal: null,
        },
      ],
    });
  expect([told('info'), told('warning')]).toEqual([0, 1]);
});

test('2: nobody said yes', () => {
  expect(ended(['going'], { consent: 'refuse' })).toBe(2);
  expect(ended(['going', 'refused'], { consent: 'no' })).toBe(2);
});

test('3: refused, or not all was seen', () => {
  expect(ended(['gone', 'refused'])).toBe(3);
  expect(ended([], {}, unseen)).toBe(3);
  expect(ended(['gone'], {}, unseen)).toBe(3);
  const tooMany = [{ kind: 'ipam' as const, what: 'x', going: 7, of: 8 }];
  expect(ended(['going'], { tooMany, consent: 'show' })).toBe(3);
});

test('a signal goes before all', () => {
  expect(ended(['gone', 'not-reached'], { interrupted: 130 })).toBe(130);
  expect(ended(['going'], { interrupted: 143, consent: 'no' })).toBe(143);
});
