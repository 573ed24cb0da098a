import { expect, test } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { explain } from '../../src/check/explain.ts';
import { type CheckMeta, defineCheck, type Explanation } from '../../src/model/check.ts';
import { failed, type Outcome } from '../../src/model/outcome.ts';
import type { ReportedCheck } from '../../src/model/report.ts';
import { aCheck, aFinding } from '../support/report.ts';

const found = (id: string, data: Record<string, string> = {}, over: object = {}) =>
  aFinding({ messageId: 'm', subject: { kind: 'file', id }, data, ...over });

const blind = (id: string, message: string) =>
  aCheck({ id, verdict: 'unknown', reason: message, problems: [{ code: 'timeout', message }] });

/** Explains, and gives for each finding and each blind check the subjects of its causes. */
function causes(checks: ReportedCheck[], explains: Record<string, Explanation[]>) {
  const metas = checks.map(({ id }) => ({ id, explains: explains[id] ?? [] }) as unknown as CheckMeta);
  const told = explain(checks, metas).flatMap(({ id, findings, explainedBy }) => [
    [id, explainedBy],
    ...findings.map((f) => [f.subject.id, f.explainedBy] as const),
  ]) as [string, { check: string; subject: { id: string } }[]][];
  const named = told.map(([id, by]) => [id, by.map((c) => `${c.check} ${c.subject.id}`)] as const);
  return Object.fromEntries(named.filter(([, by]) => by.length > 0));
}

test('a finding explains those of another check that have the same value', () => {
  const checks = [
    aCheck({
      id: 'cni/cause',
      findings: [found('/a', { network: 'pods' }), found('/b', { network: 'lab' })],
    }),
    aCheck({
      id: 'cni/effect',
      findings: [
        found('/1', { network: 'pods' }),
        found('/2', { network: 'lab' }),
        found('/3', { network: 'else' }),
        found('/4'),
      ],
    }),
  ];
  expect(causes(checks, { 'cni/cause': [{ check: 'cni/effect', same: 'network' }] })).toEqual({
    '/1': ['cni/cause /a'],
    '/2': ['cni/cause /b'],
  });
});

test('what is empty, or no key of the data itself, is the same as nothing', () => {
  const checks = [
    aCheck({ id: 'cni/cause', findings: [found('/a', { container: '' })] }),
    aCheck({ id: 'cni/effect', findings: [found('/1', { container: '' })] }),
  ];
  expect(causes(checks, { 'cni/cause': [{ check: 'cni/effect', same: 'container' }] })).toEqual({});
  expect(causes(checks, { 'cni/cause': [{ check: 'cni/effect', same: 'toString' }] })).toEqual({});
});

test('without a key it explains all of a check, an area or everything, but never itself', () => {
  const checks = [
    aCheck({ id: 'cni/cause', findings: [found('/a')] }),
    aCheck({ id: 'cni/effect', findings: [found('/1')] }),
    aCheck({ id: 'cnix/other', findings: [found('/2')] }),
    blind('cni/blind', 'no answer'),
    aCheck({ id: 'cni/fine' }),
  ];
  const by = ['cni/cause /a'];
  expect(causes(checks, { 'cni/cause': [{ check: 'cni/effect' }] })).toEqual({ '/1': by });
  expect(causes(checks, { 'cni/cause': [{ check: 'cni/*' }] })).toEqual({ '/1': by, 'cni/blind': by });
  expect(causes(checks, { 'cni/cause': [{ check: '*' }] })).toEqual({ '/1': by, '/2': by, 'cni/blind': by });
});

test('a check that could not judge is explained by a finding about the very problem', () => {
  const checks = [
    aCheck({ id: 'runtime/hangs', findings: [found('/a', { cause: 'no answer' })] }),
    blind('netns/a', 'no answer'),
    blind('netns/b', 'permission denied'),
  ];
  expect(causes(checks, { 'runtime/hangs': [{ check: '*', same: 'cause' }] })).toEqual({
    'netns/a': ['runtime/hangs /a'],
  });
});

test('what is for information explains nothing', () => {
  const checks = [
    aCheck({ id: 'cni/cause', findings: [found('/a', {}, { severity: 'info' })] }),
    aCheck({ id: 'cni/effect', findings: [found('/1')] }),
  ];
  expect(causes(checks, { 'cni/cause': [{ check: 'cni/effect' }] })).toEqual({});
});

test('a circle is left open, and the root comes first', () => {
  const checks = ['a/a', 'a/b', 'a/c'].map((id) => aCheck({ id, findings: [found(`/${id}`)] }));
  const circle = {
    'a/a': [{ check: 'a/b' }],
    'a/b': [{ check: 'a/c' }],
    'a/c': [{ check: 'a/a' }, { check: 'a/b' }],
  };
  expect(causes(checks, circle)).toEqual({ '/a/b': ['a/a /a/a'], '/a/c': ['a/b /a/b'] });
  expect(causes(checks, { 'a/a': [{ check: 'a/b' }, { check: 'a/c' }], 'a/b': [{ check: 'a/c' }] })).toEqual({
    '/a/b': ['a/a /a/a'],
    '/a/c': ['a/a /a/a', 'a/b /a/b'],
  });
  const late = { 'a/b': [{ check: 'a/c' }, { check: 'a/a' }], 'a/a': [{ check: 'a/c' }] };
  expect(causes(checks, late)['/a/c']).toEqual(['a/b /a/b', 'a/a /a/a']);
});

test('of very many causes ten are told', () => {
  const many = Array.from({ length: 300 }, (_, i) => found(`/${i}`));
  const checks = [aCheck({ id: 'a/a', findings: many }), aCheck({ id: 'a/b', findings: many })];
  const told = explain(checks, [{ id: 'a/a', explains: [{ check: 'a/b' }] } as unknown as CheckMeta]);
  expect(told[1]?.findings.map((f) => f.explainedBy.length)).toEqual(many.map(() => 10));
});

test('verdicts stay as they are; the key is there whether anything is explained or not', async () => {
  const meta = (id: string, over: Partial<CheckMeta> = {}) => ({
    id,
    title: '',
    failureTitle: '',
    why: '',
    proof: '',
    neverReports: [],
    severity: 'error' as const,
    tags: [],
    messages: { m: '{{cause}}' },
    references: [],
    ...over,
  });
  const cause = defineCheck({
    meta: {
      ...meta('runtime/hangs', { explains: [{ check: '*', same: 'cause' }] }),
      needs: [],
      wants: ['runtime'],
    },
    run: ({ runtime }) => [
      {
        messageId: 'm',
        subject: { kind: 'runtime', id: '/s' },
        data: { cause: runtime.status === 'failed' ? runtime.problem.message : '' },
        evidence: [],
      },
    ],
  });
  const effect = defineCheck({ meta: { ...meta('netns/a'), needs: ['images'] }, run: () => [] });
  const late: Outcome<never> = { ...failed('timeout', 'no answer'), ms: 1 };
  const [one, other] = await runChecks([cause, effect], { runtime: late, images: late }, { minAgeMs: 0 });
  expect(one).toMatchObject({ verdict: 'found', explainedBy: [], findings: [{ explainedBy: [] }] });
  expect(other).toMatchObject({ verdict: 'unknown', reason: 'no answer' });
  expect(other?.explainedBy).toEqual([
    { check: 'runtime/hangs', messageId: 'm', subject: { kind: 'runtime', id: '/s' } },
  ]);
});
