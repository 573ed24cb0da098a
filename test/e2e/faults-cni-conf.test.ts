import fs from 'node:fs';
import { expect } from 'vitest';
import * as cni from '../rig/cni-faults.ts';
import { makePod } from '../rig/pods.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found, notReady } from './fault-table.ts';

const broken = (id: string) => found('cni/configuration-broken', 'first', 'error', 'file', id);

const FAULTS: Fault[] = [
  {
    name: 'no network configuration',
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      await cni.removeConf(containerd);
      expect(await cni.failedPod(containerd, 'broken')).toContain('cni plugin not initialized');
      const { confDir } = containerd;
      return [found('cni/no-configuration', 'none', 'error', 'file', confDir), notReady(containerd)];
    },
  },
  {
    name: 'the folder of network configurations was replaced',
    lines: ['1.6'],
    async make(containerd) {
      const file = await cni.replaceConfFolder(containerd);
      cni.age(file);
      expect(await cni.failedPod(containerd, 'broken')).toContain('cni plugin not initialized');
      return [found('cni/no-configuration', 'notLoaded', 'error', 'file', file), notReady(containerd)];
    },
  },
  {
    name: 'a network configuration that is cut comes first',
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      const file = await cni.writeConf(containerd, '05-broken.conf', '{"name": "x",\n "type": ');
      expect(await cni.failedPod(containerd, 'broken')).toContain('cni plugin not initialized');
      return [broken(file), notReady(containerd)];
    },
  },
  {
    name: 'an empty network configuration, which the runtime has not noticed yet',
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      const file = await cni.writeConf(containerd, '05-broken.conflist', '');
      cni.age(file);
      await makePod(containerd, { name: 'healthy' });
      return [found('cni/configuration-broken', 'afterRestart', 'warning', 'file', file)];
    },
  },
  {
    name: 'a list of plugins in a file called conf',
    lines: ['1.6'],
    recordedOn: ['2.x'],
    async make(containerd) {
      const list = fs.readFileSync(cni.confOf(containerd), 'utf8');
      return [broken(await cni.writeConf(containerd, '05-list.conf', list)), notReady(containerd)];
    },
  },
  {
    name: 'a broken network configuration that is not used',
    lines: [],
    recordedOn: ['1.6', '2.x'],
    async make(containerd) {
      await cni.writeConf(containerd, '50-broken.conf', '{');
      await makePod(containerd, { name: 'healthy' });
      return [];
    },
  },
  {
    name: 'another network wins over that of the running pods',
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      const ipam = { type: 'host-local', subnet: containerd.subnet, dataDir: containerd.ipamDir };
      const conf = { name: 'other', cniVersion: '0.4.0', type: 'ptp', ipam };
      const file = await cni.writeConf(containerd, '04-other.conf', conf);
      return [found('cni/wrong-configuration', 'otherNetwork', 'warning', 'file', file)];
    },
  },
  {
    name: "a distribution's sample wins over the network that is meant",
    lines: [],
    recordedOn: ['1.7'],
    async make(containerd) {
      const { plugins } = JSON.parse(fs.readFileSync(cni.confOf(containerd), 'utf8'));
      await cni.rewriteConf(containerd, { plugins: [{ type: 'flannel' }] });
      const sample = { cniVersion: '1.0.0', name: 'containerd-net', plugins };
      const file = await cni.writeConf(containerd, '05-containerd-net.conflist', sample);
      return [found('cni/wrong-configuration', 'sample', 'warning', 'file', file)];
    },
  },
];

describeFaults(FAULTS);
