import { describe, expect, test } from 'vitest';
import { attachmentFault, lostBridges } from '../../src/derive/attachment-fault.ts';
import { networkLoss } from '../../src/derive/network-loss.ts';
import { podAttachments } from '../../src/derive/pod-attachments.ts';
import { sandboxViews } from '../../src/derive/sandbox-view.ts';
import { type Attached, attached, deleteEth0, flush } from '../checks/cni/attached.ts';
import { HABITS, PLUGINS } from './ways-of-networks.ts';

function faultsOf(one: Attached) {
  const { seen } = podAttachments(sandboxViews(one.node), one.node, 60_000);
  return {
    pods: seen.map(attachmentFault),
    bridges: lostBridges(seen).map(({ name, link, attachments }) => [
      name,
      link === null,
      attachments.length,
    ]),
  };
}

function faultsAfter(damage: (one: Attached) => unknown) {
  const one = attached();
  damage(one);
  return faultsOf(one);
}

const NOTHING = { pods: [null], bridges: [] };
describe('a pod that has its network', () => {
  test.each(PLUGINS)('%s', (_, set) => {
    expect(faultsAfter(set)).toEqual(NOTHING);
  });

  test.each(HABITS)('%s', (_, change) => {
    expect(faultsAfter(change)).toEqual(NOTHING);
  });
});

describe('a pod that has lost it', () => {
  test.each(PLUGINS.slice(0, -1))('%s', (_, set) => {
    const lost = (damage: (one: Attached) => unknown) =>
      faultsAfter((one) => {
        set(one);
        damage(one);
      }).pods;
    expect(lost(deleteEth0)).toEqual(['gone']);
    expect(lost(({ eth0 }) => Object.assign(eth0, { up: false }))).toEqual(['down']);
    expect(lost(flush)).toEqual(['addressLost']);
  });

  test.each([
    ['10.96.0.0/12', '0.0.0.0/0, 10.96.0.0/12'],
    ['10.88.0.128/25', '0.0.0.0/0'],
  ])('a route to %s', (route, lost) => {
    const { entry, inside, host } = attached();
    entry.given?.routes.push(route);
    inside.routes.shift();
    expect(networkLoss(entry, inside, host).routes.join(', ')).toBe(lost);
  });

  test('was moved into another namespace: the host end is there, and leads elsewhere', () => {
    const moved = faultsAfter(({ inside, eth0 }) => {
      flush({ inside, eth0 });
      inside.links = inside.links.filter((link) => link !== eth0);
    });
    expect(moved.pods).toEqual(['gone']);
  });

  test('a port of the bridge of a plugin that hands over to it', () => {
    const { pods } = faultsAfter(({ plugin, end }) => {
      Object.assign(plugin, { type: 'flannel', bridge: null, delegates: ['bridge', 'host-local'] });
      end.master = 0;
    });
    expect(pods).toEqual(['unbridged']);
  });
});

describe('a bridge', () => {
  test.each<[string, (one: Attached) => unknown, unknown[]]>([
    ['is down', ({ bridge }) => Object.assign(bridge, { up: false }), [['cni0', false, 1]]],
    [
      'is gone',
      ({ host, bridge, end }) => {
        host.links.splice(host.links.indexOf(bridge), 1);
        end.master = 0;
      },
      [['cni0', true, 1]],
    ],
    [
      'is down, and the pod is not in it',
      ({ bridge, end }) => {
        bridge.up = false;
        end.master = 0;
      },
      [],
    ],
  ])('%s', (_, damage, bridges) => {
    expect(faultsAfter(damage).bridges).toEqual(bridges);
  });
});
