import { expect, test } from 'vitest';
import type { Cured } from '../../../src/cli/cure/cure.ts';
import { endText, proposalText, restText, stepText } from '../../../src/cli/cure/text.ts';
import { planOf } from '../../../src/remedy/gc/candidates.ts';
import type { Item, ItemState } from '../../../src/remedy/gc/decide.ts';
import type { Places } from '../../../src/remedy/print.ts';
import { candidate, lookedAt } from '../../remedy/gc/candidate.ts';
import { emptyNode } from '../../support/node.ts';
import { aFinding } from '../../support/report.ts';
import { snapshotOf } from '../../support/snapshot.ts';

const places: Places = { recordFile: (id) => id, folderOf: (id) => id, record: () => null };
const HOSTILE = '/var/lib/cni/networks/podnet/\x1b[31m10.88.0.17\n';

function curedOf(items: Item[], over: Partial<Cured> = {}): Cured {
  const node = emptyNode();
  const judged = {
    ...lookedAt(node),
    snapshot: snapshotOf(node),
    candidates: [],
    unseen: [],
    uncured: [],
    ignored: [],
  };
  return {
    judged,
    items,
    plans: items.flatMap((item) => planOf(item.candidate) ?? []),
    limits: [],
    tooMany: [],
    consent: 'carry-out',
    applied: [],
    runs: ['run-1'],
    last: judged,
    interrupted: undefined,
    mismatches: [],
    ...over,
  };
}

const item = (state: ItemState, reason = '', id = '/a'): Item => ({
  candidate: candidate({ id }),
  state,
  reason,
  refusal: null,
});

test('what goes: object, why, limit, commands and what is suspicious', async () => {
  const cured = curedOf([item('going'), item('refused', 'no')], {
    limits: [{ network: 'podnet', used: 198, of: 254, leaked: 61 }],
    tooMany: [{ kind: 'ipam', what: 'address reservations', going: 7, of: 9 }],
  });
  const plan = { ...cured, plans: cured.plans.slice(0, 1) };
  expect(await proposalText(plan, places, { width: 80, byHand: true })).toBe(
    [
      'KIND         OBJECT  RISK        HOLDS',
      'reservation  /a      disruptive  -',
      "    /a is nobody's",
      '',
      'podnet: 198 of 254 addresses in use, 61 of them leaked',
      '',
      'by hand that would be',
      '  rm -- /a',
      '',
      '7 of 9 address reservations would go: a renamed label or a list that was half read looks exactly so',
      '',
      '',
    ].join('\n'),
  );
  expect(await proposalText(plan, places, { width: 80, byHand: false })).not.toContain('by hand');
});

test('strings of the node cannot move the terminal', async () => {
  const cured = curedOf([item('going', '', HOSTILE), item('left', HOSTILE, HOSTILE)]);
  const [plan] = cured.plans;
  const [step] = plan?.steps ?? [];
  if (!step) throw new Error('it has a step');
  const result = { id: step.id, status: 'failed' as const, reason: HOSTILE, ms: 1 };
  const texts = [
    await proposalText(cured, places, { width: 80, byHand: true }),
    restText(cured),
    stepText({ step, result }, places),
    restText({ ...cured, last: { ...cured.last, unseen: [{ check: 'a', reason: HOSTILE }] } }),
    restText({ ...cured, mismatches: [{ plan: cured.plans[0] as never, step, reason: HOSTILE }] }),
  ];
  for (const text of texts) {
    expect(text).toContain('\\x1b[31m');
    expect(text).not.toContain('\x1b');
  }
});

test('what does not go says why, once', () => {
  const failed = { id: '1', status: 'failed' as const, reason: 'device or resource busy', ms: 1 };
  const cured = curedOf(
    [
      item('gone'),
      item('left', failed.reason, '/b'),
      item('left', 'it is still there', '/c'),
      {
        ...item('refused', 'nobody answers', '/d'),
        refusal: { name: 'kubelet-silent', reason: '', surer: 'start kubelet' },
      },
    ],
    { applied: [{ plan: 1, steps: [failed] }] },
  );
  const unseen = [
    { check: '', reason: 'frozen' },
    { check: 'netns/leaked', reason: 'frozen' },
    { check: 'cgroup/leaked', reason: 'frozen' },
  ];
  const uncured = [{ check: 'x/y', finding: aFinding({ message: 'a folder is in the way' }) }];
  expect(restText({ ...cured, last: { ...cured.last, unseen, uncured } })).toBe(
    [
      "left     /b is nobody's",
      "left     /c is nobody's: it is still there",
      "refused  /d is nobody's: nobody answers",
      '         start kubelet',
      'left     a folder is in the way: podctl knows no cure for it',
      'unseen   frozen',
      '         not judged: netns/leaked, cgroup/leaked',
      '',
    ].join('\n'),
  );
  expect(endText(cured)).toBe('1 object cured; 3 left; run run-1\n');
});
