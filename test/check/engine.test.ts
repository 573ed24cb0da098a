import { describe, expect, it } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { fillMessage } from '../../src/check/message.ts';
import { shellLine } from '../../src/check/shell-line.ts';
import { type Check, defineCheck, type Finding } from '../../src/model/check.ts';
import { complete, failed, partial, problem } from '../../src/model/outcome.ts';

const SETTINGS = { minAgeMs: 60_000 };
const FINDING: Finding = {
  messageId: 'bad',
  subject: { kind: 'node', id: 'n' },
  data: { what: 'it' },
  evidence: [],
  advice: [
    { title: 'First', risk: 'safe', commands: [['echo', 'a b']] },
    { title: 'Second', risk: 'disruptive', commands: [] },
  ],
};

function checkOf(run: Check['run']): Check {
  return defineCheck({
    meta: {
      id: 'test/check',
      title: 'All is well',
      failureTitle: 'Something is not',
      why: '',
      proof: '',
      neverReports: [],
      severity: 'warning',
      tags: [],
      needs: ['images'],
      wants: ['kubelet'],
      messages: { bad: 'bad is {{what}}' },
      references: [],
    },
    run,
  });
}

const images = { ...complete([]), ms: 1 };

async function verdictOf(check: Check, facts: Parameters<typeof runChecks>[1]) {
  const [judged] = await runChecks([check], facts, SETTINGS);
  if (!judged) throw new Error('no verdict');
  return judged;
}

describe('runChecks', () => {
  it('passes a check without findings, and hands it values, outcomes and settings', async () => {
    let seen: unknown;
    const check = checkOf((facts, settings) => {
      seen = { facts, settings };
      return [];
    });
    expect(await verdictOf(check, { images })).toMatchObject({
      id: 'test/check',
      verdict: 'pass',
      reason: '',
    });
    expect(seen).toEqual({
      facts: { images: [], kubelet: { status: 'absent', reason: 'kubelet was not collected', ms: 0 } },
      settings: SETTINGS,
    });
  });

  it('words findings, quotes commands and sorts the worst first', async () => {
    const judged = await verdictOf(
      checkOf(() => [FINDING, { ...FINDING, severity: 'error' }]),
      { images },
    );
    expect(judged.verdict).toBe('found');
    expect(judged.findings.map((f) => f.severity)).toEqual(['error', 'warning']);
    expect(judged.findings[1]).toMatchObject({
      message: 'bad is it',
      remedies: [
        { id: 'bad', title: 'First', risk: 'safe', commands: ["echo 'a b'"] },
        { id: 'bad-2', title: 'Second', risk: 'disruptive', commands: [] },
      ],
    });
  });

  const never = checkOf(() => {
    throw new Error('it was called');
  });

  it.each([
    ['absent', { status: 'absent', reason: 'no images here', ms: 1 }, 'skipped', 'no images here'],
    ['failed', { ...failed('timeout', 'too slow'), ms: 1 }, 'unknown', 'too slow'],
    ['partial', { ...partial([], [problem('truncated', 'cut off')]), ms: 1 }, 'unknown', 'cut off'],
  ] as const)('does not call a check whose needed fact is %s', async (_, outcome, verdict, reason) => {
    expect(await verdictOf(never, { images: outcome as never })).toMatchObject({
      verdict,
      reason,
      findings: [],
    });
  });

  it('skips a check whose needed fact was not collected', async () => {
    expect(await verdictOf(never, {})).toMatchObject({
      verdict: 'skipped',
      reason: 'images was not collected',
    });
  });

  it('makes a crash, an unknown message and a hole in a message unknown, and goes on', async () => {
    const silent = checkOf(() => [{ ...FINDING, messageId: 'none' }]);
    const hollow = checkOf(() => [{ ...FINDING, data: {} }]);
    const judged = await runChecks([never, silent, hollow, checkOf(() => [])], { images }, SETTINGS);
    expect(judged.map((j) => j.verdict)).toEqual(['unknown', 'unknown', 'unknown', 'pass']);
    expect(judged[0]?.reason).toBe('the check itself failed: it was called');
  });

  it('is unknown about what could not be judged, found as soon as something is', async () => {
    const problems = [problem('denied', 'cannot read it')];
    expect(
      await verdictOf(
        checkOf(() => ({ findings: [], problems })),
        { images },
      ),
    ).toMatchObject({
      verdict: 'unknown',
      reason: 'cannot read it',
      problems,
    });
    expect(
      await verdictOf(
        checkOf(() => ({ findings: [FINDING], problems })),
        { images },
      ),
    ).toMatchObject({
      verdict: 'found',
      problems,
    });
  });

  it('skips where the check says that the question does not arise', async () => {
    const check = checkOf(() => ({ findings: [], problems: [], skipped: 'no runtime' }));
    expect(await verdictOf(check, { images })).toMatchObject({ verdict: 'skipped', reason: 'no runtime' });
  });
});

describe('fillMessage', () => {
  it('fills what the data has, and no inherited key', () => {
    expect(fillMessage('{{a}} and {{b}} and {{a}}', { a: 1, b: '{{a}}' })).toBe('1 and {{a}} and 1');
    expect(() => fillMessage('{{toString}}', {})).toThrow('no data for {{toString}}');
  });
});

describe('shellLine', () => {
  it('quotes what is not plainly harmless', () => {
    expect(shellLine(['rm', '/run/netns/cni-1', "it's", '$(reboot)', '', 'a\nb'])).toBe(
      "rm /run/netns/cni-1 'it'\\''s' '$(reboot)' '' 'a\nb'",
    );
  });
});
