import { expect, test } from 'vitest';
import { inBoth } from '../../../src/remedy/gc/settled.ts';
import { candidate, removal } from './candidate.ts';

const pin = '/run/netns/cni-1';
const netns = (ns: `${number}:${number}`) =>
  candidate({
    check: 'netns/leaked',
    kind: 'netns',
    subject: 'netns',
    id: pin,
    actions: [{ kind: 'unpin', path: pin, ns }],
  });
const refused = candidate({
  id: '/x',
  planned: { refusal: { name: 'kubelet-silent', reason: 'nobody answers', surer: '' } },
});

test('what both looks found, as the second one shows it', () => {
  const [first, second] = [candidate(), candidate()];
  const settled = inBoth([first, refused], [second, refused]);
  expect(settled.same).toEqual([second, refused]);
  expect(settled.same[0]).toBe(second);
  expect(settled.changed).toEqual([]);
});

test('what only one look found does not go', () => {
  expect(inBoth([candidate()], [])).toEqual({ same: [], changed: [] });
  expect(inBoth([], [candidate()])).toEqual({ same: [], changed: [] });
  expect(inBoth([candidate({ subject: 'file' })], [candidate()])).toEqual({ same: [], changed: [] });
});

test('another namespace, file, process or condition under the same name is another object', () => {
  const path = '/var/lib/cni/networks/podnet/10.88.0.17';
  const signal = (startTicks: number) =>
    candidate({
      actions: [{ kind: 'signal', process: { pid: 7, startTicks }, signal: 9, what: 'pause', waitMs: 1 }],
    });
  const pairs = [
    [netns('4:1'), netns('4:2')],
    [candidate({ actions: [removal(path)] }), candidate({ actions: [removal(path, 'cd')] })],
    [signal(1), signal(2)],
    [candidate(), candidate({ guards: [{ kind: 'process-gone', process: { pid: 7, startTicks: 1 } }] })],
    [candidate(), candidate({ actions: [removal(path), removal('/etc/passwd')] })],
    [candidate(), candidate({ messageId: 'undated' })],
    [candidate({ id: '/x' }), refused],
  ] as const;
  for (const [before, after] of pairs) {
    expect(inBoth([before], [after])).toEqual({ same: [], changed: [after] });
    expect(inBoth([after], [after]).same).toEqual([after]);
  }
});

test('what a plan says about itself is no difference', () => {
  const later = candidate();
  if ('plan' in later.planned) later.planned.plan.basedOn = 'another look';
  expect(inBoth([candidate()], [later]).same).toEqual([later]);
});
