import { describe, expect, it } from 'vitest';
import check from '../../../checks/runtime/sandboxes-fail.ts';
import type { Facts, LogEvent } from '../../../src/model/facts.ts';
import { emptyNode, judge, NOW } from '../../support/node.ts';

const failed = (count: number, reason: string, last = NOW - 60_000): LogEvent => ({
  kind: 'sandbox-failed',
  fields: { reason },
  count,
  last,
});

function node(...events: LogEvent[]): Facts {
  const facts = emptyNode();
  facts.runtimeLog = [{ pid: 100, kind: 'containerd', source: '/var/log/containerd.log', events }];
  return facts;
}

describe('runtime/sandboxes-fail', () => {
  it('counts failures in a row while the runtime is ready, and says what most of them were for', async () => {
    const { findings } = await judge(check, node(failed(2, 'name'), failed(5, 'network')));
    expect(findings).toMatchObject([
      {
        messageId: 'failing',
        severity: 'error',
        message:
          'New pods cannot start although the node is Ready: the last 7 sandboxes could not be made, mostly for the network of pods',
      },
    ]);
    const crio = node({ kind: 'sandbox-failed', fields: {}, count: 4, last: NOW });
    expect((await judge(check, crio)).findings[0]?.message).toContain('mostly for another reason');
  });

  it('passes accidents, failures of long ago, and a log without failures', async () => {
    expect((await judge(check, node(failed(2, 'network')))).verdict).toBe('pass');
    expect((await judge(check, node(failed(9, 'network', NOW - 3_600_000)))).verdict).toBe('pass');
    expect(
      (await judge(check, node({ kind: 'sandbox-made', fields: {}, count: 9, last: NOW }))).verdict,
    ).toBe('pass');
    expect((await judge(check, node())).verdict).toBe('pass');
  });

  it('leaves a runtime that says itself that it is not ready to others', async () => {
    const facts = node(failed(9, 'network'));
    facts.runtime.conditions = [{ type: 'NetworkReady', status: false, reason: '', message: '' }];
    expect((await judge(check, facts)).verdict).toBe('pass');
  });

  it("does not take another runtime's log for this one's", async () => {
    const facts = node(failed(9, 'network'));
    facts.runtimeLog[0] = { ...(facts.runtimeLog[0] as Facts['runtimeLog'][number]), pid: 4711 };
    expect((await judge(check, facts)).verdict).toBe('pass');
  });
});
