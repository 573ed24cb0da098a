import { expect, it } from 'vitest';
import { attached } from '../../checks/cni/attached.ts';
import { guardsOf, planFor, refusalFor } from '../../support/remedy.ts';

const CHECK = 'cni/attachment-lost';

it('puts the port back into the very bridge that the result names', async () => {
  const { node, end } = attached();
  end.master = 0;
  const plan = await planFor(CHECK, node);
  const { name, index, mac } = end;
  const bridge = { name: 'cni0', index: 2 };
  expect(plan).toMatchObject({
    risk: 'safe',
    steps: [
      {
        action: { kind: 'set-link', name, index, mac, bridge, up: false },
        guards: [
          { kind: 'namespace-is', path: '/proc/self/ns/net', ns: node.networks.host.ns },
          { kind: 'link-is', name, index, mac, peerIndex: 2 },
          { kind: 'masterless', name, index },
          { kind: 'link-is', ...bridge, mac: '02:00:0a:58:00:01', peerIndex: 0 },
        ],
      },
    ],
  });
});

it('brings up a host end that is down, wherever it is', async () => {
  const { node, end } = attached();
  end.up = false;
  const plan = await planFor(CHECK, node);
  expect(plan.steps[0]?.action).toMatchObject({ kind: 'set-link', name: 'veth1', bridge: null, up: true });
  expect(guardsOf(plan)).toEqual([['namespace-is', 'link-is']]);
});

it('does not know how a port was set up that its plugin gave a VLAN', async () => {
  const { node, end, plugin } = attached();
  Object.assign(plugin.does ?? {}, { tunesPorts: true });
  end.master = 0;
  expect(await refusalFor(CHECK, node)).toMatchObject({ name: 'not-possible' });
});
