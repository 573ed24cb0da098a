import { describe, expect, it } from 'vitest';
import unreachable from '../../../checks/runtime/unreachable.ts';
import unresponsive from '../../../checks/runtime/unresponsive.ts';
import { healthyNode, judge, unread } from '../../support/node.ts';

const SOCKET = '/run/containerd/containerd.sock';
const none = { status: 'absent', reason: 'no container runtime on this node', ms: 0 } as const;

describe.each([unreachable, unresponsive])('$meta.id', (check) => {
  it('passes while the runtime answers', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('is skipped with a reason on a node without a runtime', async () => {
    expect(await judge(check, healthyNode(), { runtime: none })).toMatchObject({
      verdict: 'skipped',
      reason: 'no container runtime on this node',
      findings: [],
    });
  });
});

describe('runtime/unreachable', () => {
  const refused = {
    runtime: unread('unavailable', `cannot reach the runtime at ${SOCKET}: connection refused`),
  };

  it('names a runtime that is down, and where to look', async () => {
    const node = healthyNode();
    node.daemons = [];
    expect((await judge(unreachable, node, refused)).findings).toMatchObject([
      {
        messageId: 'down',
        severity: 'error',
        message: `The container runtime is down: cannot reach the runtime at ${SOCKET}: connection refused`,
        subject: { kind: 'runtime', id: SOCKET },
        evidence: [
          { at: SOCKET, value: 'socket' },
          { at: '/proc', value: 'no containerd process serves it' },
          { at: '/etc/containerd/config.toml', value: 'configuration' },
        ],
        remedies: [{ commands: ['systemctl status containerd', 'journalctl -u containerd -n 50'] }],
      },
    ]);
  });

  it('says of a runtime whose process runs that it does not serve CRI', async () => {
    expect((await judge(unreachable, healthyNode(), refused)).findings).toMatchObject([
      { messageId: 'noCri' },
    ]);
  });

  it('says of a containerd whose CRI is switched off where that is written', async () => {
    const node = healthyNode();
    const file = '/etc/containerd/config.toml';
    node.runtimeConfig.criDisabled = { value: 'cri', file, line: 2, origin: 'file' };
    expect((await judge(unreachable, node, refused)).findings).toMatchObject([
      {
        messageId: 'criDisabled',
        message: expect.stringContaining(`disabled_plugins in ${file} names cri`),
        evidence: [{ fact: 'runtimeConfig', at: `${file}:2` }, {}, {}, {}],
        remedies: [
          {
            risk: 'disruptive',
            commands: [`grep -n disabled_plugins ${file}`, 'systemctl restart containerd'],
          },
          {},
        ],
      },
    ]);
    node.daemons = [];
    expect((await judge(unreachable, node, refused)).findings).toMatchObject([{ messageId: 'down' }]);
  });

  it('is unknown when the socket may not be opened', async () => {
    const denied = { runtime: unread('denied', 'permission denied; run as root') };
    expect(await judge(unreachable, healthyNode(), denied)).toMatchObject({
      verdict: 'unknown',
      reason: 'permission denied; run as root',
    });
  });

  it('leaves a runtime that hangs to runtime/unresponsive', async () => {
    expect(await judge(unreachable, healthyNode(), { runtime: unread('timeout', 'x') })).toMatchObject({
      verdict: 'pass',
    });
  });
});

describe('runtime/unresponsive', () => {
  const hung = { runtime: unread('timeout', `${SOCKET} did not answer Version within 10 s`) };

  it('names a runtime that hangs, and warns of a restart', async () => {
    const [finding] = (await judge(unresponsive, healthyNode(), hung)).findings;
    expect(finding).toMatchObject({
      messageId: 'hangs',
      message: `${SOCKET} did not answer Version within 10 s`,
    });
    expect(finding?.remedies[0]?.title).toContain('before any restart');
  });

  it.each(['T', 't'])('names a runtime that a signal stopped (state %s) and lets it go on', async (state) => {
    const node = healthyNode();
    for (const daemon of node.daemons) daemon.state = state;
    expect((await judge(unresponsive, node, hung)).findings).toMatchObject([
      { messageId: 'stopped', severity: 'error', remedies: [{ commands: ['kill -CONT 100'] }] },
    ]);
  });

  it('leaves a runtime that is down to runtime/unreachable', async () => {
    expect(await judge(unresponsive, healthyNode(), { runtime: unread('unavailable', 'x') })).toMatchObject({
      verdict: 'pass',
    });
  });
});
