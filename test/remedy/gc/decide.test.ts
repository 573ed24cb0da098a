import { expect, test } from 'vitest';
import type { Risk } from '../../../src/model/check.ts';
import { decide } from '../../../src/remedy/gc/decide.ts';
import { candidate } from './candidate.ts';

const safe = candidate({ id: '/a', risk: 'safe' });
const harm = candidate({ id: '/b', risk: 'destructive' });
const config = candidate({ id: '/c', kind: null, risk: 'safe' });
const refusal = { name: 'kubelet-silent' as const, reason: 'nobody answers', surer: 'start it' };
const refused = candidate({ id: '/d', planned: { refusal } });

const states = (risk: Risk, silence: string | null) =>
  decide({ same: [safe, harm, config, refused], changed: [candidate({ id: '/e' })] }, { risk, silence }).map(
    (item) => item.state,
  );

test('what goes: within the risk that was asked for, and the same in both looks', () => {
  expect(states('safe', null)).toEqual(['going', 'set-aside', 'going', 'refused', 'changed']);
  expect(states('disruptive', null)).toEqual(['going', 'set-aside', 'going', 'refused', 'changed']);
  expect(states('destructive', null)).toEqual(['going', 'going', 'going', 'refused', 'changed']);
});

test('while the runtime is silent nothing goes that may have an owner', () => {
  expect(states('destructive', 'frozen')).toEqual(['refused', 'refused', 'going', 'refused', 'changed']);
  const [item] = decide({ same: [safe], changed: [] }, { risk: 'safe', silence: 'frozen' });
  expect(item).toMatchObject({ reason: 'frozen', refusal: { name: 'runtime-silent' } });
});

test('each says why', () => {
  const items = decide({ same: [harm, refused], changed: [safe] }, { risk: 'safe', silence: null });
  expect(items.map((item) => item.reason)).toEqual([
    'its cure is destructive: --risk destructive includes it',
    'nobody answers',
    'it was not the same in the second look: it is in use, or was made anew',
  ]);
  expect(items[1]?.refusal).toEqual(refusal);
});
