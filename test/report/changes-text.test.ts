import { expect, test } from 'vitest';
import type { ReportedCheck } from '../../src/model/report.ts';
import { compare, NOTHING_KNOWN } from '../../src/report/changes.ts';
import { renderChanges } from '../../src/report/changes-text.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const PLAIN = { width: 80, colour: false, verbose: false };

/** What is told of the second of two looks, twelve minutes apart. */
async function told(before: ReportedCheck[], after: ReportedCheck[], options = PLAIN): Promise<string> {
  const { known } = compare(NOTHING_KNOWN, aReport(before), []);
  const { changes } = compare(known, aReport(after, { takenAt: '2026-01-02T03:16:05.678Z' }), []);
  return renderChanges(changes, options);
}

const pod = (name: string) =>
  aFinding({ message: `${name} is broken`, subject: { kind: 'sandbox', id: name, name } });
const many = (of: string[], over: Partial<ReportedCheck> = {}) => aCheck({ findings: of.map(pod), ...over });

test('what appeared is told as in the report, below the time', async () => {
  const evidence = [{ fact: 'pins' as const, at: '/run/netns/x', value: 'net:[1]' }];
  const check = aCheck({ findings: [aFinding({ message: 'it broke', evidence })] });
  expect(await told([aCheck()], [check])).toBe(`2026-01-02 03:16:05 UTC
ERROR  it broke
       sandbox/sample
  see  /run/netns/x  net:[1]

`);
});

test('what went is told in short, with how long it was there', async () => {
  expect(await told([many(['a'])], [many([])])).toBe(`2026-01-02 03:16:05 UTC
GONE   a is broken
       sandbox/sample, after 12 minutes

`);
  expect(await told([many(['a', 'b', 'c', 'd', 'e'])], [many(['e'])])).toBe(`2026-01-02 03:16:05 UTC
GONE   Things are missing (4 sandboxes)
       sandbox/sample, after 12 minutes
       a, b, c, 1 more (-v)

`);
});

test('checks that cannot judge any more are told by their reason, and that they can again', async () => {
  const ids = ['a/one', 'a/two', 'b/one', 'b/two', 'c/one', 'c/two'];
  const all = (over: Partial<ReportedCheck>) => ids.map((id) => aCheck({ id, ...over }));
  const unseen = all({ verdict: 'unknown', reason: 'the runtime does not answer' });
  expect(await told(all({}), unseen)).toBe(`2026-01-02 03:16:05 UTC
?      6 checks judge no more: the runtime does not answer
       a/one, a/two, b/one, 3 more (-v)

`);
  expect(await told(unseen, all({}))).toBe(`2026-01-02 03:16:05 UTC
SEEN   6 checks judge again
       a/one, a/two, b/one, 3 more (-v)

`);
  expect(await told(unseen, all({}), { ...PLAIN, verbose: true })).toContain('b/one, b/two, c/one, c/two\n');
});

test('information is for those who ask; nothing changed is no text', async () => {
  const info = aCheck({ findings: [aFinding({ severity: 'info' })] });
  expect(await told([aCheck()], [info])).toBe('');
  expect(await told([info], [info])).toBe('');
  expect(await told([aCheck()], [info], { ...PLAIN, verbose: true })).toContain('INFO');
});

test('a consequence is told below its cause where both came together, else alone', async () => {
  const cause = { check: 'runtime/down', messageId: 'missing', subject: aFinding().subject };
  const down = aCheck({ id: 'runtime/down', findings: [aFinding({ message: 'it is down' })] });
  const effect = aCheck({ id: 'cni/sample', findings: [{ ...pod('web'), explainedBy: [cause] }] });
  const healthy = [aCheck({ id: 'runtime/down' }), aCheck({ id: 'cni/sample' })];
  expect(await told(healthy, [down, effect])).toContain('cni/sample, because of runtime/down above');
  expect(await told([down, aCheck({ id: 'cni/sample' })], [down, effect])).not.toContain('because');
});

test('nothing in it moves a terminal', async () => {
  const hostile = aCheck({
    findings: [aFinding({ message: 'a\x1b[2Jb', subject: { kind: 'file', id: '\x1b]0;x\x07' } })],
  });
  for (const text of [await told([aCheck()], [hostile]), await told([hostile], [aCheck()])])
    expect(text).not.toMatch(/[\x07\x1b]/);
});
