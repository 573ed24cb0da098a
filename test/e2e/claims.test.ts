import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import { snapshotFault } from '../../src/model/snapshot-shape.ts';
import type { Containerd } from '../rig/containerd.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePods, removePod, stopPod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { runDoctor } from './doctor.ts';

const { available } = await runtimes(['1.6', '2.x']);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-claims-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Every fact of the node, as a saved snapshot has them. */
async function facts(containerd: Containerd): Promise<<N extends keyof Facts>(name: N) => Facts[N]> {
  const file = path.join(folder, `${containerd.runtime.line}.json`);
  await runDoctor(['-r', containerd.socket, '--save-snapshot', file]);
  const snapshot = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.rmSync(file);
  expect(snapshotFault(snapshot)).toBeNull();
  return (name) => {
    expect([name, snapshot.facts[name]?.status]).toEqual([name, 'complete']);
    return snapshot.facts[name].value;
  };
}

describe.each(available.map((r) => r.line))('what pods hold with containerd %s', (line: Line) => {
  it('addresses, cache entries, links, cgroups: of every pod, and of none that is gone', async () => {
    await withRig(line, {}, async (containerd) => {
      const { cniNetwork, bridge, ipamDir, confDir, cgroupRoot } = containerd;
      const wanted = [{ name: 'web' }, { name: 'shared', sharePid: true }, { name: 'done' }];
      const pods = await makePods(containerd, [...wanted, { name: 'agent', hostNetwork: true }]);
      const [web, shared, done] = pods;
      if (!web || !shared || !done) throw new Error('pods were to be made');
      await stopPod(containerd, done.id);

      const seen = await facts(containerd);
      expect(seen('cniConf')).toMatchObject({
        folder: confDir,
        binDirs: [containerd.runtime.cniBin],
        files: [{ name: cniNetwork, plugins: [{ type: 'bridge', bridge }], problem: '' }],
      });
      const attached = [web.id, shared.id].sort();
      const held = seen('reservations').reservations.filter((one) => one.network === cniNetwork);
      expect(held.map(({ containerId }) => containerId).sort()).toEqual(attached);
      for (const { state, confirmed, path: at, address } of held) {
        expect([state, confirmed, at]).toEqual(['whole', true, `${ipamDir}/${cniNetwork}/${address}`]);
      }
      const ids = pods.map(({ id }) => id);
      const entries = seen('cniCache').entries.filter(({ containerId }) => ids.includes(containerId));
      expect(entries.map(({ containerId, ifName }) => `${containerId} ${ifName}`).sort()).toEqual(
        attached.flatMap((id) => [`${id} eth0`, `${id} lo`]),
      );
      const networks = seen('networks');
      const links = networks.host.seen?.links ?? [];
      const master = links.find(({ name }) => name === bridge)?.index;
      for (const id of attached) {
        const entry = entries.find((one) => one.containerId === id && one.ifName === 'eth0');
        const address = held.find(({ containerId }) => containerId === id)?.address;
        expect(entry).toMatchObject({
          state: 'whole',
          hasConfig: true,
          confirmed: true,
          addresses: [address],
        });
        const inside = networks.pods.find((pod) => pod.path === entry?.netns)?.seen;
        const eth0 = inside?.links.find(({ name }) => name === 'eth0');
        expect(inside?.addresses.some((one) => one.link === eth0?.index && one.address === address)).toBe(
          true,
        );
        const end = links.find(({ name }) => name === entry?.hostLinks[1]);
        expect(end).toMatchObject({ master, index: eth0?.peerIndex, peerIndex: eth0?.index });
      }
      const cgroups = seen('cgroups').filter((one) => one.path.startsWith(`${cgroupRoot}/`));
      const running = cgroups.filter(({ populated }) => populated);
      expect(running.map(({ uid }) => uid).sort()).toEqual(
        pods
          .filter((pod) => pod !== done)
          .map(({ uid }) => uid)
          .sort(),
      );
      const of = running.find(({ uid }) => uid === web.uid);
      expect([...(of?.containers ?? [])].sort()).toEqual(
        [web.id, ...web.containers.map(({ id }) => id)].sort(),
      );

      await removePod(containerd, web.id);
      const now = await facts(containerd);
      const left = {
        reservations: now('reservations').reservations.filter((one) => one.containerId === web.id),
        entries: now('cniCache').entries.filter((one) => one.containerId === web.id),
        networks: now('networks').pods.filter(
          (pod) => pod.path === entries.find((e) => e.containerId === web.id)?.netns,
        ),
        populated: now('cgroups').filter((one) => one.uid === web.uid && one.populated !== false),
      };
      expect(left).toEqual({ reservations: [], entries: [], networks: [], populated: [] });
    });
  });
});
