import { describe, expect, it } from 'vitest';
import checkpoint from '../../../checks/sandbox/checkpoint-damaged.ts';
import held from '../../../checks/sandbox/docker-name-held.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { addPod, DAY, emptyNode, id, judge, NOW } from '../../support/node.ts';

const GHOST = id('ab');

function node(state: string, createdAt = NOW - DAY): Facts {
  const facts = emptyNode();
  const name = 'k8s_POD_web_shop_1c5385cf-96e4_3';
  facts.criDockerd.docker = [{ id: GHOST, name, state, createdAt, image: '' }];
  return facts;
}

describe('sandbox/docker-name-held', () => {
  it.each(['created', 'exited', 'dead', 'removing'])(
    'names the pod of a %s container that cri-dockerd does not list',
    async (state) => {
      expect((await judge(held, node(state))).findings).toMatchObject([
        {
          messageId: 'held',
          severity: 'error',
          message: `shop/web cannot start as attempt 3: Docker keeps the name for ${GHOST.slice(0, 13)}, which cri-dockerd does not list`,
          subject: { id: GHOST, name: 'shop/web' },
        },
      ]);
    },
  );

  it('passes containers that run, are young, are listed, or are no sandboxes by name', async () => {
    expect((await judge(held, node('running'))).verdict).toBe('pass');
    expect((await judge(held, node('created', NOW - 1000))).verdict).toBe('pass');
    const listed = node('exited');
    const { sandbox } = addPod(listed, 1, 'web', { state: 'notready' });
    listed.criDockerd.docker = [{ ...listed.criDockerd.docker?.[0], id: sandbox.id } as never];
    expect((await judge(held, listed)).verdict).toBe('pass');
    const other = node('exited');
    other.criDockerd.docker = [
      { id: GHOST, name: 'compose_pause_1', state: 'exited', createdAt: 1, image: '' },
    ];
    expect((await judge(held, other)).verdict).toBe('pass');
  });

  it('is skipped where Docker did not answer', async () => {
    const silent = node('exited');
    silent.criDockerd = { ...silent.criDockerd, docker: null, why: 'no answer' };
    expect(await judge(held, silent)).toMatchObject({
      verdict: 'skipped',
      reason: expect.stringContaining('no answer'),
    });
  });
});

describe('sandbox/checkpoint-damaged', () => {
  const damaged = (sandboxId: string, state: 'empty' | 'malformed' | 'whole', mtime = NOW - DAY) => [
    { path: `/var/lib/cri-dockerd/sandbox/${sandboxId}`, sandboxId, state, mtime },
  ];

  it('names a sandbox that nothing else tells of', async () => {
    const facts = emptyNode();
    facts.criDockerd.checkpoints = damaged(GHOST, 'empty');
    expect((await judge(checkpoint, facts)).findings).toMatchObject([
      {
        messageId: 'blocks',
        severity: 'warning',
        message: expect.stringContaining(`${GHOST} is empty, and Docker does not have it any more`),
        remedies: [{ risk: 'safe', commands: [`rm /var/lib/cri-dockerd/sandbox/${GHOST}`] }],
      },
    ]);
  });

  it('says of a pod that is there what may come', async () => {
    const facts = emptyNode();
    const { sandbox } = addPod(facts, 1, 'web');
    facts.criDockerd.checkpoints = damaged(sandbox.id, 'malformed');
    const [finding] = (await judge(checkpoint, facts)).findings;
    expect(finding).toMatchObject({ messageId: 'mayBlock', subject: { name: 'default/web' } });
    expect(finding?.message).toContain('of default/web is no JSON');
  });

  it('passes whole ones, and one that is being written', async () => {
    const facts = emptyNode();
    facts.criDockerd.checkpoints = damaged(GHOST, 'whole');
    expect((await judge(checkpoint, facts)).verdict).toBe('pass');
    facts.criDockerd.checkpoints = damaged(GHOST, 'empty', NOW - 1000);
    expect((await judge(checkpoint, facts)).verdict).toBe('pass');
    facts.criDockerd.checkpoints = damaged(GHOST, 'empty', NOW + DAY);
    expect((await judge(checkpoint, facts)).verdict).toBe('pass');
  });
});
