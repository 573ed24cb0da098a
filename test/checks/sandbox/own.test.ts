import { describe, expect, it } from 'vitest';
import leaked from '../../../checks/netns/leaked.ts';
import mismatch from '../../../checks/netns/mismatch.ts';
import pinLost from '../../../checks/netns/pin-lost.ts';
import anchorLost from '../../../checks/sandbox/anchor-lost.ts';
import halfCreated from '../../../checks/sandbox/half-created.ts';
import networkDrift from '../../../checks/sandbox/network-drift.ts';
import notreadyPile from '../../../checks/sandbox/notready-pile.ts';
import orphanedPause from '../../../checks/sandbox/orphaned-pause.ts';
import type { Check } from '../../../src/model/check.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { emptyNode, healthyNode, judge, kill, ns } from '../../support/node.ts';
import { addOwn, noRuntime, ownInside, ownSandbox } from '../../support/own.ts';

const ALL = [leaked, mismatch, pinLost, anchorLost, halfCreated, networkDrift, notreadyPile, orphanedPause];

/** A node without a runtime, with podctl's own sandboxes. */
function ownNode(): Facts {
  const node = emptyNode();
  node.endpoints = { chosen: null, candidates: [], traces: [] };
  return node;
}

const found = async (check: Check, node: Facts) => (await judge(check, node, noRuntime)).findings;

describe("podctl's own sandboxes", () => {
  it.each(ALL.map((c) => [c.meta.id, c] as const))(
    '%s passes a healthy one, without a runtime and beside one',
    async (_, check) => {
      const node = ownNode();
      addOwn(node, ownSandbox(1));
      expect(await judge(check, node, noRuntime)).toMatchObject({ verdict: 'pass', findings: [] });
      const both = healthyNode();
      addOwn(both, ownSandbox(1));
      expect(await judge(check, both)).toMatchObject({ verdict: 'pass', findings: [] });
    },
  );

  it('a dead pause with a container running is named with its cure', async () => {
    const node = ownNode();
    const own = ownSandbox(1, { pauseRuns: false });
    addOwn(node, own);
    expect(await found(anchorLost, node)).toMatchObject([
      {
        messageId: 'pauseDead',
        subject: { kind: 'sandbox', id: own.id, name: 'podctl/own-1' },
        remedies: [{ risk: 'safe', commands: ['podctl sandbox repair own-1'] }],
      },
    ]);
    expect(await found(orphanedPause, node)).toEqual([]);
  });

  it('a dead pause counts even when nothing else runs, unless the sandbox is stopped or being changed', async () => {
    const dead = { pauseRuns: false, containers: [] };
    const verdict = async (change: object) => {
      const node = ownNode();
      addOwn(node, ownSandbox(1, { ...dead, ...change }));
      return (await found(anchorLost, node)).map((f) => f.messageId);
    };
    expect(await verdict({})).toEqual(['ownPauseDead']);
    for (const fine of [{ phase: 'stopped' }, { busy: true }, { sameBoot: false }])
      expect(await verdict(fine)).toEqual([]);
  });

  it('a container elsewhere, a lost pin', async () => {
    const node = ownNode();
    const { app } = addOwn(node, ownSandbox(1));
    app.ns = { ...app.ns, net: ns(42) };
    expect(await found(mismatch, node)).toMatchObject([
      { messageId: 'otherNetns', remedies: [{ commands: ['podctl sandbox repair own-1'] }] },
    ]);
    const [net] = node.pins.pins;
    if (net) net.ns = null;
    expect(await found(pinLost, node)).toMatchObject([
      { messageId: 'unmounted', remedies: [{ risk: 'safe', commands: ['podctl sandbox repair own-1'] }] },
    ]);
  });

  it('a pause of a stopped sandbox, and one without a record', async () => {
    const node = ownNode();
    addOwn(node, ownSandbox(1, { phase: 'stopped', containers: [] }));
    addOwn(node, ownSandbox(2, { phase: 'unrecorded', name: '', containers: [] }));
    expect(await found(orphanedPause, node)).toMatchObject([
      { messageId: 'ownStopped', remedies: [{ commands: ['podctl sandbox rm -f own-1'] }] },
      {
        messageId: 'ownUnrecorded',
        remedies: [{ commands: ['podctl gc sandboxes'] }, { commands: ['kill -9 9020'] }],
      },
    ]);
  });

  it('a pin without a record or process is leaked; one of an unreadable record is not', async () => {
    const node = ownNode();
    const own = ownSandbox(1, { phase: 'unrecorded', name: '', containers: [] });
    const { pause } = addOwn(node, own);
    kill(node, pause);
    addOwn(node, ownSandbox(2, { phase: 'unreadable', pauseRuns: false, containers: [] }));
    addOwn(node, ownSandbox(3, { phase: 'unrecorded', busy: true, pauseRuns: false, containers: [] }));
    expect(await found(leaked, node)).toMatchObject([{ messageId: 'leaked', subject: { id: own.pins.net } }]);
    node.ownSandboxes = node.ownSandboxes.filter((s) => s !== own);
    expect(await found(leaked, node)).toEqual([]);
  });
});

describe('sandbox/half-created', () => {
  it.each([
    ['creating', { phase: 'creating' }, ['podctl sandbox repair own-1']],
    ['removing', { phase: 'removing' }, ['podctl sandbox repair own-1']],
    ['reboot', { sameBoot: false }, ['podctl sandbox repair own-1']],
  ] as const)('names what is %s', async (messageId, change, commands) => {
    const node = ownNode();
    node.ownSandboxes = [ownSandbox(1, change)];
    expect(await found(halfCreated, node)).toMatchObject([
      { messageId, remedies: [{ commands }, ...(messageId === 'creating' ? [{}] : [])] },
    ]);
  });

  it('names leftovers and records that nobody understands', async () => {
    const node = ownNode();
    const lost = ownSandbox(1, { phase: 'unrecorded', name: '' });
    node.ownSandboxes = [lost, ownSandbox(2, { phase: 'unreadable', problem: 'x.json is cut off' })];
    expect(await found(halfCreated, node)).toMatchObject([
      {
        messageId: 'unrecorded',
        message: `pins or files of sandbox ${lost.id.slice(0, 13)} are left, but no record of it`,
      },
      {
        messageId: 'unreadable',
        message: 'the record of sandbox own-2 cannot be read: x.json is cut off',
        remedies: [],
      },
    ]);
  });

  it('in a shared PID namespace every container is to be in that of its pause, else in its own', async () => {
    for (const [sharePid, messages] of [
      [true, ['otherNamespace']],
      [false, []],
    ] as const) {
      const node = ownNode();
      const { pause, app } = addOwn(node, ownSandbox(1, { sharePid }));
      pause.ns = { ...pause.ns, pid: ns(61) };
      app.ns = { ...app.ns, pid: ns(61) };
      expect(await found(mismatch, node)).toEqual([]);
      app.ns = { ...app.ns, pid: ns(62) };
      expect((await found(mismatch, node)).map((f) => f.messageId)).toEqual(messages);
    }
  });

  it('leaves alone what a podctl works on, what is young, and what was stopped', async () => {
    const node = ownNode();
    node.ownSandboxes = [
      ownSandbox(1, { phase: 'creating', busy: true }),
      ownSandbox(2, { phase: 'creating', createdAt: node.host.now - 1000 }),
      ownSandbox(3, { phase: 'stopped', pauseRuns: false }),
    ];
    expect(await found(halfCreated, node)).toEqual([]);
  });
});

describe('sandbox/network-drift', () => {
  it('names what is missing in the namespace and at its other end', async () => {
    const inside = ownInside();
    inside.addresses = [];
    const node = ownNode();
    node.ownSandboxes = [ownSandbox(1, { inside, outside: { links: [], addresses: [], routes: [] } })];
    expect(await found(networkDrift, node)).toMatchObject([
      {
        messageId: 'drift',
        severity: 'error',
        message:
          'own-1 cannot be relied on at 10.87.0.2/24: the host end of eth0 is missing; address 10.87.0.2/24 is missing',
        remedies: [{ risk: 'disruptive', commands: ['podctl sandbox repair own-1'] }],
      },
    ]);
  });

  it('names one that was never attached', async () => {
    const node = ownNode();
    node.ownSandboxes = [ownSandbox(1, { attachment: null })];
    expect(await found(networkDrift, node)).toMatchObject([
      { messageId: 'detached', message: 'own-1 is not attached to network podctl' },
    ]);
  });

  it('does not know where it could not look, and does not ask where it need not', async () => {
    const node = ownNode();
    node.ownSandboxes = [ownSandbox(1, { inside: null, outside: null })];
    expect(await judge(networkDrift, node, noRuntime)).toMatchObject({ verdict: 'unknown' });
    node.ownSandboxes = [
      ownSandbox(1, { phase: 'stopped', inside: null }),
      ownSandbox(2, { busy: true, inside: null }),
    ];
    expect(await judge(networkDrift, node, noRuntime)).toMatchObject({ verdict: 'pass' });
  });
});
