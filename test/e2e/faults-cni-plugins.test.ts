import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import * as cni from '../rig/cni-faults.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found, notReady } from './fault-table.ts';

const unable = (messageId: string, id: string) => found('cni/plugin-missing', messageId, 'error', 'file', id);

const FAULTS: Fault[] = [
  {
    name: 'the plugin that gives addresses is missing',
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      const bin = await cni.ownPlugins(containerd);
      fs.rmSync(path.join(bin, 'host-local'));
      expect(await cni.failedPod(containerd, 'broken')).toContain('failed to find plugin "host-local"');
      return [unable('missing', path.join(bin, 'host-local'))];
    },
  },
  {
    name: 'the loopback plugin is missing',
    lines: ['1.6'],
    recordedOn: ['2.x'],
    async make(containerd) {
      const bin = await cni.ownPlugins(containerd);
      fs.rmSync(path.join(bin, 'loopback'));
      expect(await cni.failedPod(containerd, 'broken')).toContain('failed to find plugin "loopback"');
      return [unable('missing', path.join(bin, 'loopback'))];
    },
  },
  {
    name: 'a plugin that is not executable',
    lines: [],
    recordedOn: ['1.6', '2.x'],
    async make(containerd) {
      const bridge = path.join(await cni.ownPlugins(containerd), 'bridge');
      fs.chmodSync(bridge, 0o644);
      expect(await cni.failedPod(containerd, 'broken')).toContain('permission denied');
      return [unable('notExecutable', bridge)];
    },
  },
  {
    name: 'a plugin for another machine',
    lines: ['1.7'],
    recordedOn: ['2.x'],
    async make(containerd) {
      const bridge = path.join(await cni.ownPlugins(containerd), 'bridge');
      cni.forOtherMachine(bridge);
      expect(await cni.failedPod(containerd, 'broken')).toContain('exec format error');
      return [unable('otherMachine', bridge)];
    },
  },
  {
    name: 'a network configuration that is newer than the plugins',
    lines: ['1.6', '2.x'],
    async make(containerd) {
      const bin = await cni.ownPlugins(containerd);
      await cni.rewriteConf(containerd, { cniVersion: '1.1.0' });
      expect(await cni.failedPod(containerd, 'broken')).toContain('incompatible CNI versions');
      const wrong = ['bridge', 'host-local'].map((name) =>
        found('cni/version-mismatch', 'unsupported', 'error', 'file', path.join(bin, name)),
      );
      return containerd.runtime.line === '1.6' ? wrong : [...wrong, notReady(containerd)];
    },
  },
];

describeFaults(FAULTS);
