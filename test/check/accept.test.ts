import { expect, test } from 'vitest';
import { accept, type Decide } from '../../src/check/accept.ts';
import type { Cause, ReportedFinding } from '../../src/model/report.ts';
import { aCheck, aFinding } from '../support/report.ts';

const KNOWN = { by: 'baseline', reason: 'known', until: '' } as const;
const onlyThat: Decide = (_check, finding) => (finding.messageId === 'known' ? KNOWN : null);

const known = aFinding({ messageId: 'known' });
const fresh = aFinding({ messageId: 'fresh', subject: { kind: 'netns', id: '/run/netns/a' } });
const causeOf = (check: string, { messageId, subject }: ReportedFinding): Cause => ({
  check,
  messageId,
  subject,
});

test('what is accepted is set apart with its reason, and the rest stays as it was', () => {
  const [check] = accept([aCheck({ findings: [known, fresh] })], onlyThat);
  expect(check?.findings).toEqual([fresh]);
  expect(check?.ignored).toEqual([{ ...known, ignored: KNOWN }]);
  expect(check?.verdict).toBe('found');
});

test('a check of which all is accepted stays found; one that could not see everything is unknown', () => {
  const problems = [{ code: 'denied' as const, message: '/proc/1/ns/net: permission denied' }];
  const verdictOf = (findings: ReportedFinding[], unseen = false) =>
    accept([aCheck({ findings, problems: unseen ? problems : [] })], onlyThat)[0]?.verdict;
  expect(verdictOf([known])).toBe('found');
  expect(verdictOf([known], true)).toBe('unknown');
  expect(verdictOf([known, fresh], true)).toBe('found');
  expect(verdictOf([])).toBe('pass');
});

test('what is accepted explains nothing; what is not goes on explaining', () => {
  const cause = aCheck({ id: 'image/a', findings: [known, fresh] });
  const causes = [causeOf('image/a', known), causeOf('image/a', fresh)];
  const result = aCheck({ id: 'cni/b', findings: [aFinding({ messageId: 'lost', explainedBy: causes })] });
  const blind = aCheck({ id: 'cni/c', verdict: 'unknown', explainedBy: [causeOf('image/a', known)] });
  const [, told, unseen] = accept([cause, result, blind], onlyThat);
  expect(told?.findings[0]?.explainedBy).toEqual([causeOf('image/a', fresh)]);
  expect(unseen?.explainedBy).toEqual([]);
});

test('of two findings that a cause may name, one that counts is enough', () => {
  const twice = { messageId: 'port', subject: known.subject };
  const cause = aCheck({
    id: 'image/a',
    findings: [aFinding({ ...twice, data: { port: 80 } }), aFinding({ ...twice, data: { port: 443 } })],
  });
  const result = aCheck({
    id: 'cni/b',
    findings: [fresh].map((one) => ({ ...one, explainedBy: [causeOf('image/a', aFinding(twice))] })),
  });
  const explained = (decide: Decide) => accept([cause, result], decide)[1]?.findings[0]?.explainedBy.length;
  expect(explained((_check, { data }) => (data.port === 80 ? KNOWN : null))).toBe(1);
  expect(explained((_check, { messageId }) => (messageId === 'port' ? KNOWN : null))).toBe(0);
});

test('accepting again adds to what was accepted before', () => {
  const first = accept([aCheck({ findings: [known, fresh] })], onlyThat);
  const [check] = accept(first, () => ({ by: 'configuration', reason: 'ours', until: '2027-01-31' }));
  expect(check?.ignored.map(({ ignored }) => ignored.by)).toEqual(['baseline', 'configuration']);
  expect(check?.findings).toEqual([]);
});
