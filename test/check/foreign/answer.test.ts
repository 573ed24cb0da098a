import { expect, it, test } from 'vitest';
import { judgementOf } from '../../../src/check/foreign/answer.ts';
import { wholeMeta } from '../../../src/cli/plugins/meta.ts';

const BASE = { id: 'acme.a/b', title: 'Well', failureTitle: 'Not well', why: 'w' };
const ONE = wholeMeta({ ...BASE, messages: { only: '{{n}}' } });
const TWO = wholeMeta({ ...BASE, messages: { one: '1', two: '2' } });
const NODE = { kind: 'node', id: 'node' };

it('takes texts, findings with a sentence, and findings with a message of the check', () => {
  const full = {
    messageId: 'two',
    severity: 'error',
    subject: { kind: 'sandbox', id: 'x', name: 'y' },
    data: { a: 1, b: 'c', d: true },
    evidence: [{ fact: 'host', at: '/proc', value: 'v' }],
    advice: [{ title: 't', risk: 'safe', commands: [['a', 'b c']] }],
  };
  expect(judgementOf(['text', { message: 'more', data: { k: 1 } }, full], TWO)).toEqual({
    findings: [
      { messageId: 'said', subject: NODE, data: { message: 'text' }, evidence: [] },
      { messageId: 'said', subject: NODE, data: { k: 1, message: 'more' }, evidence: [] },
      full,
    ],
    problems: [],
  });
});

it('takes a check at its word that has one message alone', () => {
  expect(judgementOf([{ data: { n: 1 } }], ONE).findings).toMatchObject([
    { messageId: 'only', data: { n: 1 } },
  ]);
});

it('takes why it could not judge, and why the question does not arise', () => {
  const problems = [{ code: 'missing', message: 'no such thing' }];
  expect(judgementOf({ problems }, ONE)).toEqual({ findings: [], problems });
  expect(judgementOf({ skipped: 'no GPU here' }, ONE)).toEqual({
    findings: [],
    problems: [],
    skipped: 'no GPU here',
  });
});

test.each<[unknown, string]>([
  [7, 'it gave a number, not a list of findings'],
  [[[]], 'findings[0] is a list, not a finding'],
  [{ finding: [] }, 'the answer has the key "finding"; it may have findings, problems, skipped'],
  [{ findings: {} }, 'findings is not a list'],
  [{ problems: [{ code: 'lost', message: 'x' }] }, 'problems[0].code is not one of timeout,'],
  [{ skipped: true }, 'skipped is not a string'],
  [[{ messageId: 'one', message: 'x' }], 'findings[0] has both a message and a messageId'],
  [[{ messageId: 'three' }], 'findings[0].messageId is "three": meta.messages has one, two'],
  [[{ messageId: 'said' }], 'findings[0].messageId is "said": meta.messages has one, two'],
  [[{ messageId: 'one', evidence: [{ fact: 'moon', at: 'x' }] }], 'evidence[0].fact is not one of'],
  [[{ messageId: 'one', advice: [{ title: 't', risk: 'none', commands: [] }] }], 'risk is not one of safe,'],
  [[{ messageId: 'one', advice: [{ title: 't', risk: 'safe', commands: [[]] }] }], 'commands[0] is empty'],
  [[{ messageId: 'one', data: { a: null } }], 'findings[0].data.a is not a string, a number, true or false'],
  [
    [{ messageId: 'one', data: { a: 2 ** 60 } }],
    'findings[0].data.a is not a string, a number, true or false',
  ],
])('refuses %j', (answer, reason) => expect(() => judgementOf(answer, TWO)).toThrow(reason));
