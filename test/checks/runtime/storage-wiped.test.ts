import { expect, it } from 'vitest';
import check from '../../../checks/runtime/storage-wiped.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { emptyNode, judge, NOW } from '../../support/node.ts';

function crio(): Facts {
  const facts = emptyNode();
  facts.daemons = facts.daemons.map((one) => ({ ...one, kind: 'crio' }));
  const path = '/var/lib/containers/storage';
  const event = { kind: 'storage-wiped' as const, fields: { path }, count: 1, last: NOW };
  facts.runtimeLog = [{ pid: 100, kind: 'crio', source: 'journalctl _PID=100', events: [event] }];
  return facts;
}

it('tells what the log of CRI-O says it did, and warns where no image is left', async () => {
  expect((await judge(check, crio())).findings).toMatchObject([
    {
      messageId: 'was',
      severity: 'info',
      message:
        'CRI-O deleted all images and containers in /var/lib/containers/storage at its start: it had not ended cleanly before',
    },
  ]);
  const bare = crio();
  bare.images = [];
  expect((await judge(check, bare)).findings).toMatchObject([{ messageId: 'was', severity: 'warning' }]);
});

it('passes a CRI-O that runs and said no such thing, although its files are as after a power cut', async () => {
  const facts = crio();
  facts.runtimeLog = [];
  facts.crioStorage.shutdown.versionFile.isThere = false;
  expect((await judge(check, facts)).verdict).toBe('pass');
});
