import { expect, it } from 'vitest';
import check from '../../../checks/cni/reservations-blocked.ts';
import type { ReservationsFact } from '../../../src/model/facts.ts';
import { healthyNode, judge } from '../../support/node.ts';

const FOLDER = '/var/lib/cni/networks/podnet';
type Blocked = NonNullable<ReservationsFact['blocked']>[number];

function blocked(change: Partial<Blocked> = {}) {
  const node = healthyNode();
  node.reservations.blocked = [{ folder: FOLDER, network: 'podnet', path: FOLDER, what: 'file', ...change }];
  return node;
}

it('passes a node with folders, one of a snapshot of an earlier version too', async () => {
  expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
});

it.each<[Partial<Blocked>, string, string]>([
  [{ what: 'file' }, 'file', `${FOLDER} is a file`],
  [{ what: 'link' }, 'link', `${FOLDER} is a link that leads nowhere`],
  [{ what: 'other', path: '/var/lib/cni' }, 'file', '/var/lib/cni is no folder'],
])('names what is in the way: %j', async (change, messageId, what) => {
  const node = blocked(change);
  const path = change.path ?? FOLDER;
  expect((await judge(check, node)).findings).toMatchObject([
    {
      messageId,
      severity: 'error',
      message: `No new pod gets an address: ${what}, where host-local keeps the reservations of podnet`,
      subject: { kind: 'file', id: path },
      data: { network: 'podnet', path },
      remedies: [{ risk: 'disruptive', commands: [`mv -- ${path} /root/`] }],
    },
  ]);
});

it('is about the pod network alone', async () => {
  expect(await judge(check, blocked({ folder: '/srv/other', network: 'other' }))).toMatchObject({
    verdict: 'pass',
  });
  const node = blocked();
  for (const { plugins } of node.cniConf.files) for (const plugin of plugins) plugin.ipam = null;
  expect(await judge(check, node)).toMatchObject({ verdict: 'skipped' });
});
