import path from 'node:path';
import { expect, it } from 'vitest';
import { answers, DAMAGES, onNode } from '../rig/attachment-faults.ts';
import type { Containerd } from '../rig/containerd.ts';
import { onHost } from '../rig/home.ts';
import { reservationOf } from '../rig/leftovers.ts';
import { emptyBridge, leavePortRule, moveRange, portChain } from '../rig/network-faults.ts';
import { runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { examine, seenIn } from './doctor.ts';
import { fix } from './fix.ts';

const PORT = 18_080;
const { available } = await runtimes(['2.x']);

const rules = async ({ home }: Containerd) =>
  (await onHost(home, 'iptables-save', ['-t', 'nat'])).split('\n').filter((line) => /^(-A|:CNI)/.test(line));

it.each(available.length > 0 ? (['legacy', 'nft'] as const) : [])(
  'stale rules go, those of living pods stay to the letter (iptables of the kind %s)',
  async (kind) => {
    await withRig('2.x', { firewall: kind }, async (containerd) => {
      await makePod(containerd, { name: 'lives', hostPorts: [PORT + 1] });
      const before = await rules(containerd);
      const { pod } = await leavePortRule(containerd, PORT);
      const chain = await portChain(containerd, pod);
      expect((await rules(containerd)).length).toBeGreaterThan(before.length);
      const { code, text } = await fix(containerd, 'cni/stale-rule');
      expect(text).toContain(`-X ${chain}`);
      expect({ code, rules: (await rules(containerd)).sort() }).toEqual({ code: 0, rules: before.sort() });
    });
  },
);

it.runIf(available.length > 0)(
  'a bridge of an old range goes while nothing is in it, and a new pod starts',
  async () => {
    await withRig('2.x', {}, async (containerd) => {
      await makePod(containerd, { name: 'old' });
      await emptyBridge(containerd);
      await moveRange(containerd, `${containerd.prefix}128.0/17`);
      await expect(makePod(containerd, { name: 'refused' })).rejects.toThrow(
        'already has an IP address different from',
      );
      expect((await fix(containerd, 'cni/bridge-address')).code).toBe(0);
      await makePod(containerd, { name: 'new' });
      expect(seenIn((await examine(containerd)).report)).toEqual([]);
    });
  },
);

it.runIf(available.length > 0)(
  'links that were taken out of their bridge, or down, are put back; so are those of a bridge that was deleted',
  async () => {
    await withRig('2.x', {}, async (containerd) => {
      const said = async () => {
        const { report } = await examine(containerd, ['--min-age', '0s']);
        return seenIn(report).map(({ check, messageId, id }) => `${check} ${messageId} ${id}`);
      };
      const cure = async () => {
        const { code, text } = await fix(containerd, 'cni/attachment-lost', ['--min-age', '0s']);
        expect(code, text).toBe(0);
        for (const address of addresses) expect(await answers(containerd, address), address).toBe(true);
        expect(await said()).toEqual([]);
      };
      const out = await makePod(containerd, { name: 'out' });
      const down = await makePod(containerd, { name: 'down' });
      const addresses = [out, down].map((pod) => path.basename(reservationOf(containerd, pod)));
      await DAMAGES.unbridged?.(containerd, out);
      await DAMAGES.endDown?.(containerd, down);
      expect(await answers(containerd, addresses[0] ?? '')).toBe(false);
      const lost = [`unbridged ${out.id}`, `endDown ${down.id}`].map((what) => `cni/attachment-lost ${what}`);
      expect((await said()).sort()).toEqual(lost.sort());
      await cure();

      await onNode(containerd, 'link', 'del', containerd.bridge);
      expect(await said()).toEqual([`cni/bridge-lost gone ${containerd.bridge}`]);
      await makePod(containerd, { name: 'new' });
      expect((await said()).every((one) => one.startsWith('cni/attachment-lost unbridged'))).toBe(true);
      await cure();
    });
  },
);
