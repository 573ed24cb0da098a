import { expect, test } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import {
  ignoreOf,
  ignoring,
  type Policy,
  unusedIgnores,
  withOptions,
  withSeverity,
} from '../../src/check/policy.ts';
import type { AnyCheck, Finding, Severity } from '../../src/model/check.ts';
import type { IgnoreRule } from '../../src/model/own-config-facts.ts';
import { aCheck, aFinding } from '../support/report.ts';

const TODAY = '2026-06-15';
const rule = (over: Partial<IgnoreRule>): IgnoreRule => ({
  check: 'sandbox/sample',
  subject: 'default/web',
  reason: 'known',
  until: '',
  file: '/etc/podctl/config.yaml',
  line: 3,
  ...over,
});
const policy = (...ignores: IgnoreRule[]): Policy => ({ ignores, ownConfig: null });
const found = [aCheck({ findings: [aFinding()] })];
const accepted = (one: IgnoreRule) => ignoring(found, policy(one), TODAY)[0]?.ignored.map((f) => f.ignored);

test('a finding is accepted by name or id of its subject, for as long as was agreed', () => {
  const by = { by: 'configuration', reason: 'known', until: '' };
  expect(accepted(rule({}))).toEqual([by]);
  expect(accepted(rule({ subject: 'a'.repeat(64) }))).toEqual([by]);
  expect(accepted(rule({ check: '*', subject: '*' }))).toEqual([by]);
  expect(accepted(rule({ check: 'sandbox/*', subject: 'default/*' }))).toEqual([by]);
  expect(accepted(rule({ until: TODAY }))).toEqual([{ ...by, until: TODAY }]);
});

test.each([
  { check: 'sandbox/other' },
  { subject: 'default/web-1' },
  { subject: 'web' },
  { until: '2026-06-14' },
])('a finding counts where the rule says %o', (over) => {
  expect(ignoring(found, policy(rule(over)), TODAY)).toEqual(found);
  expect(ignoreOf(policy(rule(over)), TODAY, 'sandbox/sample', aFinding())).toBeUndefined();
});

test('of two rules the one that has not expired accepts, and is named', () => {
  const rules = policy(rule({ until: '2026-01-01', line: 3 }), rule({ line: 9, reason: 'anew' }));
  expect(ignoreOf(rules, TODAY, 'sandbox/sample', aFinding())?.line).toBe(9);
  expect(ignoring(found, rules, TODAY)[0]?.ignored[0]?.ignored.reason).toBe('anew');
});

test('a rule is unused where its check judged and found no such thing', () => {
  const rules = policy(
    rule({ line: 1 }),
    rule({ line: 2, subject: 'gone' }),
    rule({ line: 3, subject: 'gone', until: '2026-01-01' }),
    rule({ line: 4, check: 'netns/leaked', subject: 'gone' }),
    rule({ line: 5, check: 'cni/unseen', subject: 'gone' }),
  );
  const checks = [...found, aCheck({ id: 'cni/unseen', verdict: 'unknown' })];
  const judged = ignoring(checks, rules, TODAY);
  expect(unusedIgnores(judged, rules, TODAY).map(({ line }) => line)).toEqual([2]);
});

function sample(usual: Severity, findings: (Severity | undefined)[]): AnyCheck {
  return {
    meta: {
      id: 'sandbox/sample',
      title: 't',
      failureTitle: 'f',
      why: 'w',
      proof: 'p',
      neverReports: [],
      severity: usual,
      tags: [],
      needs: [],
      messages: { one: 'one' },
      references: [],
    },
    run: (_, { options }): Finding[] =>
      findings.map((severity, i) => ({
        messageId: 'one',
        ...(severity && { severity }),
        subject: { kind: 'node', id: String(i) },
        data: { said: String(options?.limit ?? '') },
        evidence: [],
      })),
  };
}

test.each<[Severity, Severity, Severity[]]>([
  ['warning', 'error', ['error', 'error', 'info']],
  ['warning', 'warning', ['warning', 'warning', 'info']],
  ['warning', 'info', ['info', 'info', 'info']],
  ['error', 'warning', ['warning', 'warning', 'info']],
])('what is usually a %s is told as %s; what is milder stays milder', async (usual, as, expected) => {
  const checks = [withSeverity(sample(usual, [undefined, 'error', 'info']), as)];
  const [judged] = await runChecks(checks, {}, { minAgeMs: 0 });
  expect(judged?.severity).toBe(as);
  expect(judged?.findings.map(({ severity }) => severity)).toEqual(expected);
});

test('a milder finding of a check stays milder than the limit at most', async () => {
  const checks = [withSeverity(sample('error', ['warning', undefined]), 'info')];
  const [judged] = await runChecks(checks, {}, { minAgeMs: 0 });
  expect(judged?.findings.map(({ severity }) => severity)).toEqual(['info', 'info']);
});

test('a check gets its own options alone', async () => {
  const checks = [withOptions(sample('error', [undefined]), { limit: 7 }), sample('error', [undefined])];
  const judged = await runChecks(checks, {}, { minAgeMs: 0 });
  expect(judged.map(({ findings }) => findings[0]?.data.said)).toEqual(['7', '']);
});
