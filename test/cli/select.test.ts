import { expect, test } from 'vitest';
import { selectChecks } from '../../src/cli/select.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { defineCheck } from '../../src/model/check.ts';

function check(id: string, ...tags: string[]) {
  const meta = {
    id,
    title: 't',
    failureTitle: 'f',
    why: 'w',
    proof: 'p',
    neverReports: [],
    severity: 'error' as const,
    tags,
    needs: [],
    messages: {},
    references: [],
  };
  return defineCheck({ meta, run: () => [] });
}

const checks = [
  check('image/missing', 'image'),
  check('netns/leaked', 'orphan'),
  check('netns/mismatch', 'orphan', 'net'),
];
const select = (over: Partial<Parameters<typeof selectChecks>[1]>) =>
  selectChecks(checks, { only: [], skip: [], tags: [], ...over }).map((c) => c.meta.id);

test.each([
  [{}, ['image/missing', 'netns/leaked', 'netns/mismatch']],
  [{ only: ['netns/*'] }, ['netns/leaked', 'netns/mismatch']],
  [{ only: ['*/m*'] }, ['image/missing', 'netns/mismatch']],
  [{ only: ['netns/leaked', 'image/missing'] }, ['image/missing', 'netns/leaked']],
  [{ only: ['*'], skip: ['netns/*'] }, ['image/missing']],
  [{ skip: ['netns/leaked', 'image/*'] }, ['netns/mismatch']],
  [{ tags: ['orphan'] }, ['netns/leaked', 'netns/mismatch']],
  [{ tags: ['net', 'image'], skip: ['image/*'] }, ['netns/mismatch']],
])('%j', (selection, ids) => {
  expect(select(selection)).toEqual(ids);
});

function refusal(over: Parameters<typeof select>[0]): [string, string] {
  try {
    select(over);
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.hint];
  }
  return ['', ''];
}

test.each([
  [{ only: ['netns/leakd'] }, 'no check is called "netns/leakd"', 'did you mean netns/leaked?'],
  [{ only: ['mismatch'] }, 'no check is called "mismatch"', 'did you mean netns/mismatch?'],
  [{ only: ['zzzzzz'] }, 'no check is called "zzzzzz"', 'podctl checks lists all checks'],
  [{ skip: ['cgroup/*'] }, 'no check is called "cgroup/*"', 'podctl checks lists all checks'],
  [{ only: ['.*'] }, 'no check is called ".*"', 'podctl checks lists all checks'],
  [{ tags: ['cni'] }, 'no check has the tag "cni"', 'tags are image, net, orphan'],
  [{ skip: ['*'] }, 'no check is left to run', 'leave out a --skip or --tag; podctl checks lists all'],
])('%j is refused', (over, message, hint) => {
  expect(refusal(over)).toEqual([message, hint]);
});
