import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import * as cni from '../rig/cni-faults.ts';
import type { Containerd } from '../rig/containerd.ts';
import { makePod } from '../rig/pods.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

const notReady = ({ socket }: Containerd) =>
  found('runtime/not-ready', 'notReady', 'error', 'runtime', socket);
const broken = (id: string) => found('cni/configuration-broken', 'first', 'error', 'file', id);
const unable = (messageId: string, id: string) => found('cni/plugin-missing', messageId, 'error', 'file', id);

/** Paths of what stands for an agent's state, in the rig's folder. */
const place = ({ dir }: Containerd, name: string) => path.join(dir, name);

/** The pod network by a plugin that stands for flannel's. */
async function flannel(containerd: Containerd): Promise<{ state: string; notes: string }> {
  await cni.ownPlugins(containerd);
  const [state, notes] = [place(containerd, 'subnet.env'), place(containerd, 'flannel')];
  cni.standIn(containerd, 'flannel', state, notes);
  fs.writeFileSync(state, `FLANNEL_SUBNET=${containerd.subnet}\n`);
  await cni.rewriteConf(containerd, { plugins: [{ type: 'flannel', subnetFile: state, dataDir: notes }] });
  return { state, notes };
}

/** The pod network by a plugin that stands for Calico's. */
async function calico(containerd: Containerd): Promise<{ state: string; kubeconfig: string }> {
  await cni.ownPlugins(containerd);
  const [state, kubeconfig] = [place(containerd, 'nodename'), place(containerd, 'calico-kubeconfig')];
  cni.standIn(containerd, 'calico', state, place(containerd, 'notes'));
  fs.writeFileSync(state, 'worker-1');
  cni.writeKubeconfig(kubeconfig, Date.now() + 3_600_000);
  const plugin = { type: 'calico', nodename_file: state, kubernetes: { kubeconfig } };
  await cni.rewriteConf(containerd, { plugins: [plugin] });
  return { state, kubeconfig };
}

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
  {
    name: 'a removed network left its configuration, which wins',
    lines: ['2.x'],
    async make(containerd) {
      await flannel(containerd);
      await makePod(containerd, { name: 'flannel', containers: [{ name: 'kube-flannel' }] });
      cni.standIn(containerd, 'cilium-cni', '/var/run/cilium/cilium.sock', place(containerd, 'none'));
      const conf = { cniVersion: '0.3.1', name: 'cilium', plugins: [{ type: 'cilium-cni' }] };
      const file = await cni.writeConf(containerd, '05-cilium.conflist', conf);
      expect(await cni.failedPod(containerd, 'broken')).toContain('no such file');
      return [
        found('cni/agent-state-missing', 'missing', 'error', 'file', '/var/run/cilium/cilium.sock'),
        found('cni/wrong-configuration', 'agentGone', 'warning', 'file', file),
      ];
    },
  },
  {
    name: "flannel without its agent's file",
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      const { state } = await flannel(containerd);
      await makePod(containerd, { name: 'before' });
      fs.rmSync(state);
      expect(await cni.failedPod(containerd, 'broken')).toContain('no such file');
      return [found('cni/agent-state-missing', 'missing', 'error', 'file', state)];
    },
  },
  {
    name: "Calico without its node's name",
    lines: [],
    recordedOn: ['2.x'],
    async make(containerd) {
      const { state } = await calico(containerd);
      fs.rmSync(state);
      expect(await cni.failedPod(containerd, 'broken')).toContain('no such file');
      return [found('cni/agent-state-missing', 'missing', 'error', 'file', state)];
    },
  },
  {
    name: 'an agent whose socket nobody listens on',
    lines: [],
    recordedOn: ['2.x'],
    async make(containerd) {
      await cni.ownPlugins(containerd);
      const socket = place(containerd, 'kube-ovn-daemon.sock');
      cni.standIn(containerd, 'kube-ovn', socket, place(containerd, 'notes'));
      await cni.deafSocket(socket);
      await cni.rewriteConf(containerd, { plugins: [{ type: 'kube-ovn', server_socket: socket }] });
      return [found('cni/agent-state-missing', 'deaf', 'error', 'file', socket)];
    },
  },
  {
    name: "a plugin's token that expired",
    lines: ['2.x'],
    async make(containerd) {
      const { kubeconfig } = await calico(containerd);
      cni.writeKubeconfig(kubeconfig, Date.now() - 7_200_000);
      return [found('cni/credentials-expired', 'expired', 'error', 'file', kubeconfig)];
    },
  },
  {
    name: "a plugin's kubeconfig that is cut",
    lines: [],
    recordedOn: ['2.x'],
    async make(containerd) {
      const { kubeconfig } = await calico(containerd);
      fs.writeFileSync(kubeconfig, '{"users": [{"name": "plu');
      return [found('cni/credentials-expired', 'malformed', 'error', 'file', kubeconfig)];
    },
  },
  {
    name: "a delegating plugin's note that is empty",
    lines: ['2.x'],
    recordedOn: ['1.6'],
    async make(containerd) {
      const { notes } = await flannel(containerd);
      const pod = await makePod(containerd, { name: 'broken' });
      const note = path.join(notes, pod.id);
      fs.truncateSync(note);
      cni.age(note);
      return [found('cni/delegate-state-damaged', 'blocks', 'error', 'file', note)];
    },
  },
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
