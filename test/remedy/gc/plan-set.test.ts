import { expect, test } from 'vitest';
import type { Plan } from '../../../src/model/plan.ts';
import { planOf } from '../../../src/remedy/gc/candidates.ts';
import { onlySaved, type PlanSet, planSetShape, staleness } from '../../../src/remedy/gc/plan-set.ts';
import { candidate, removal } from './candidate.ts';

const saved = (...of: ReturnType<typeof candidate>[]): Plan[] =>
  JSON.parse(JSON.stringify(of.map((one) => planOf(one))));
const NOW = Date.UTC(2026, 10, 23);
const set = (over: Partial<PlanSet> = {}): PlanSet => ({
  schema: 'podctl.plan-set/v1',
  podctl: '0.1.0',
  node: 'worker-1',
  bootId: 'boot',
  createdAt: NOW - 1000,
  basedOn: {
    checks: ['netns/leaked'],
    kinds: ['netns'],
    endpoint: null,
    minAgeMs: 1,
    assumeNoKubelet: false,
    force: [],
    maxPercent: null,
    risk: 'disruptive',
    pauseArchive: null,
  },
  plans: saved(candidate()),
  ...over,
});

test('what a fresh look gives again goes, in the order of the fresh look', () => {
  const [a, b] = [candidate({ id: '/a' }), candidate({ id: '/b' })];
  expect(onlySaved([a, b], saved(b, a))).toEqual({ going: [a, b], mismatches: [] });
  expect(onlySaved([a, b], saved(b))).toEqual({ going: [b], mismatches: [] });
  expect(onlySaved([a, b], [])).toEqual({ going: [], mismatches: [] });
});

test('what differs is refused by name, and nothing of it goes', () => {
  const fresh = candidate({ id: '/a' });
  const reason = (...plans: Plan[]) => {
    const { going, mismatches } = onlySaved([fresh], plans);
    return { going: going.length, why: mismatches.map((m) => [m.step?.id ?? '', m.reason]) };
  };
  const changed = candidate({ id: '/a', actions: [removal('/a', 'cd')] });
  const step = '1-remove-file';
  expect(reason(...saved(changed))).toEqual({
    going: 0,
    why: [[step, 'a fresh look would do it differently']],
  });
  expect(reason(...saved(candidate({ id: '/b' })))).toEqual({
    going: 0,
    why: [['', 'a fresh look does not find it']],
  });
  const [twice] = saved(fresh);
  if (!twice) throw new Error('no plan');
  expect(reason(twice, twice)).toEqual({ going: 1, why: [['', 'it is there twice']] });
  expect(reason({ ...twice, steps: [] })).toEqual({ going: 0, why: [['', 'a fresh look would do more']] });
  expect(reason({ ...twice, risk: 'safe' })).toEqual({ going: 0, why: [['', 'a fresh look would do more']] });
});

test('nothing of a hostile file is carried out: more steps, other actions, other guards', () => {
  const fresh = candidate({
    id: '/a',
    guards: [{ kind: 'process-gone', process: { pid: 7, startTicks: 1 } }],
  });
  const [plan] = saved(fresh);
  const [first] = plan?.steps ?? [];
  if (!plan || !first) throw new Error('no plan');
  const hostile = [
    { ...plan, steps: [first, { ...first, id: '2', action: removal('/etc/shadow') }] },
    {
      ...plan,
      steps: [{ ...first, action: { ...first.action, path: '/etc/shadow' } as typeof first.action }],
    },
    { ...plan, steps: [{ ...first, guards: [] }] },
    { ...plan, remedy: 'another' },
  ];
  for (const one of hostile) expect(onlySaved([fresh], [one]).going).toEqual([]);
});

test('a set is good for ten minutes, on the same boot', () => {
  const at = (createdAt: number, bootId = 'boot') => staleness(set({ createdAt }), { time: NOW, bootId });
  expect(at(NOW - 599_000)).toBeNull();
  expect(at(NOW - 601_000)).toBe('it is 10 minutes old, and 10 are the most');
  expect(at(NOW - 7_200_000)).toBe('it is 120 minutes old, and 10 are the most');
  expect(at(NOW + 120_000)).toBe('it was made in the future: the clock was set since');
  expect(at(NOW, 'other')).toContain('another machine');
});

test('the shape of a file is looked at strictly', () => {
  const fault = (value: unknown) => planSetShape.fault(value, 'plan');
  expect(fault(JSON.parse(JSON.stringify(set())))).toBeNull();
  const [plan] = set().plans;
  expect(fault([])).toBe('plan is not an object');
  expect(fault({ ...set(), schema: 'podctl.plan-set/v2' })).toBe(
    'plan.schema is not one of podctl.plan-set/v1',
  );
  expect(fault({ ...set(), createdAt: '1' })).toBe('plan.createdAt is not a whole number');
  expect(fault({ ...set(), plans: [{ ...plan, steps: [{}] }] })).toBe('plan.plans[0].steps[0].id is missing');
  expect(fault({ ...set(), plans: [{ ...plan, steps: [{ ...plan?.steps[0], action: 'rm -rf /' }] }] })).toBe(
    'plan.plans[0].steps[0].action is not an object with a kind',
  );
  expect(fault({ ...set(), basedOn: { ...set().basedOn, force: ['all'] } })).toContain(
    'plan.basedOn.force[0] is not one of',
  );
});
