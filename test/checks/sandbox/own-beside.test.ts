import { describe, expect, it } from 'vitest';
import leaked from '../../../checks/netns/leaked.ts';
import mismatch from '../../../checks/netns/mismatch.ts';
import pinLost from '../../../checks/netns/pin-lost.ts';
import anchorLost from '../../../checks/sandbox/anchor-lost.ts';
import orphanedPause from '../../../checks/sandbox/orphaned-pause.ts';
import type { Check } from '../../../src/model/check.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { unread } from '../../support/judge.ts';
import { healthyNode, judge, kill, ns } from '../../support/node.ts';
import { addOwn, noRuntime, ownSandbox } from '../../support/own.ts';

describe("podctl's own sandboxes beside a runtime that does not answer", () => {
  /** The runtime's lists fail, so that they hold podctl's own alone; all that the runtime left is there. */
  function hanging(change: (node: Facts) => void) {
    const node = healthyNode();
    change(node);
    const silent = { code: 'timeout' as const, message: 'no answer' };
    const some = (value: unknown): Outcome<never> =>
      ({ status: 'partial', value, problems: [silent], ms: 1 }) as unknown as Outcome<never>;
    const own = node.ownSandboxes.map((s) => s.id);
    return {
      node,
      instead: {
        runtime: unread('timeout', 'no answer'),
        store: unread('timeout', 'no answer'),
        sandboxes: some(node.sandboxes.filter((s) => s.provider === 'podctl')),
        containers: some(node.containers.filter((c) => own.includes(c.sandboxId))),
      },
    };
  }

  it.each([anchorLost, orphanedPause, leaked].map((c) => [c.meta.id, c] as const))(
    '%s accuses nothing of the runtime, and says that it was not seen',
    async (_, check) => {
      const { node, instead } = hanging((n) => {
        addOwn(n, ownSandbox(1));
        // Without the lists these would be orphans.
        for (const pause of n.processes.filter((p) => p.comm === 'pause').slice(0, 1)) kill(n, pause);
      });
      expect(await judge(check, node, instead)).toMatchObject({
        verdict: 'unknown',
        findings: [],
        reason: 'no answer',
      });
    },
  );

  it('a dead pause, a stopped sandbox whose pause runs, a container elsewhere and a lost pin are named', async () => {
    const { node, instead } = hanging((n) => {
      addOwn(n, ownSandbox(1, { pauseRuns: false }));
      addOwn(n, ownSandbox(2, { phase: 'stopped', containers: [] }));
      const { app } = addOwn(n, ownSandbox(3));
      app.ns = { ...app.ns, net: ns(42) };
      for (const pin of n.pins.pins) if (pin.path.includes(ownSandbox(3).id)) pin.ns = null;
    });
    const named = async (check: Check) =>
      (await judge(check, node, instead)).findings.map((f) => [f.messageId, f.subject.id]);
    expect(await named(anchorLost)).toEqual([['pauseDead', ownSandbox(1).id]]);
    expect(await named(orphanedPause)).toEqual([['ownStopped', ownSandbox(2).id]]);
    expect(await named(mismatch)).toEqual([['otherNetns', ownSandbox(3).containers[0]?.id]]);
    expect(await named(pinLost)).toEqual([['unmounted', ownSandbox(3).id]]);
  });

  it('a pin of podctl without a record is leaked, also where there is no runtime at all', async () => {
    const { node, instead } = hanging((n) => {
      addOwn(n, ownSandbox(1, { phase: 'unrecorded', pauseRuns: false, containers: [] }));
    });
    const pin = { kind: 'netns', id: ownSandbox(1).pins.net };
    expect(await judge(leaked, node, instead)).toMatchObject({ findings: [{ subject: pin }] });
    const absent: Outcome<never> = { status: 'absent', reason: 'no container runtime', ms: 0 };
    expect(await judge(leaked, node, { ...noRuntime, sandboxes: absent })).toMatchObject({
      verdict: 'found',
      findings: [{ subject: pin }],
    });
  });
});
