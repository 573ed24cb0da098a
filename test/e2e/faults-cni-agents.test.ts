import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import * as cni from '../rig/cni-faults.ts';
import type { Containerd } from '../rig/containerd.ts';
import { makePod } from '../rig/pods.ts';
import { describeFaults } from './fault-run.ts';
import { type Fault, found } from './fault-table.ts';

/** Paths of what stands for an agent's state, in the rig's folder. */
const place = ({ dir }: Containerd, name: string) => path.join(dir, name);

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
    name: 'a removed network left its configuration, which wins',
    lines: ['2.x'],
    async make(containerd) {
      const file = await cni.leaveCilium(containerd);
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
      const { state } = await cni.flannel(containerd);
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
      const { notes } = await cni.flannel(containerd);
      const pod = await makePod(containerd, { name: 'broken' });
      const note = path.join(notes, pod.id);
      fs.truncateSync(note);
      cni.age(note);
      return [found('cni/delegate-state-damaged', 'blocks', 'error', 'file', note)];
    },
  },
];

describeFaults(FAULTS);
