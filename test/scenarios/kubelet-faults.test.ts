import { describe, expect, it, onTestFinished } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { type Gathering, gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { FACT_NAMES } from '../../src/model/fact-shapes.ts';
import { type Capture, loadCapture, readCapture } from '../captures/load.ts';

const CONFIG = '/var/lib/kubelet/config.yaml';
const KUBEADM = '/var/lib/kubelet/kubeadm-flags.env';
const DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';
const CMDLINE = '/proc/387/cmdline';
const FLAG = '--pod-infra-container-image=registry.k8s.io/pause:3.4.1';

/** Breaks the recorded node with a kubelet before it is looked at. */
async function look(change: (capture: Capture) => void): Promise<Gathering> {
  const capture = readCapture('kubelet-1.36-on-containerd-1.7');
  change(capture);
  const loaded = await loadCapture(capture);
  onTestFinished(() => loaded.close());
  return gather(collectors, FACT_NAMES, loaded.host, loaded.look, new AbortController().signal);
}

/** What is then found, besides what the runtime's image gives. Programs below another root are not run. */
async function found(facts: Gathering): Promise<string[]> {
  const judged = await runChecks(builtinChecks, facts, { minAgeMs: 0 });
  return judged.flatMap(({ id, findings }) =>
    findings
      .filter(() => id.startsWith('kubelet/') || id.startsWith('config/'))
      .map(({ messageId, severity, subject }) => `${severity} ${id} ${messageId} ${subject.id}`),
  );
}

function withKubelet(facts: Gathering, version: string): Gathering {
  const { kubelet } = facts;
  if (kubelet?.status !== 'complete') throw new Error('the capture has a kubelet');
  return { ...facts, kubelet: { ...kubelet, value: { ...kubelet.value, version } } };
}

function addFlag({ files }: Capture): void {
  files[CMDLINE] = `${files[CMDLINE]}${FLAG}\0`;
  files[KUBEADM] = `KUBELET_KUBEADM_ARGS="${FLAG}"\n`;
}

describe('a recorded node with a kubelet', () => {
  it('whose configuration names a resolv.conf of another family of systems', async () => {
    const stub = '/run/systemd/resolve/resolv.conf';
    const facts = await look(({ files }) => {
      files[CMDLINE] = `${files[CMDLINE]}--resolv-conf=${stub}\0`;
    });
    expect(await found(facts)).toEqual([`error kubelet/resolv-conf-missing missing ${stub}`]);
    const there = await look(({ files, links }) => {
      files[CONFIG] += 'resolvConf: /etc/pods.conf\n';
      files['/run/dns'] = 'nameserver 192.0.2.53\n';
      links['/etc/pods.conf'] = '/run/dns';
    });
    expect(await found(there)).toEqual([]);
  });

  it('whose kubelet of 1.28 keeps another image than the one in use', async () => {
    const facts = withKubelet(await look(addFlag), '1.28.15');
    const { images } = facts;
    if (images?.status !== 'complete') throw new Error('the capture has images');
    for (const image of images.value) image.pinned = false;
    expect(await found(facts)).toContain(
      'warning kubelet/stale-pause-flag protectsOther registry.k8s.io/pause:3.10',
    );
  });

  it('whose kubeadm-flags.env was written for an older Kubernetes', async () => {
    const facts = withKubelet(await look(addFlag), '1.31.2');
    expect(await found(facts)).toContain(`info kubelet/stale-pause-flag stale ${KUBEADM}`);
  });

  it('whose kubelet ended because its unit has a flag that 1.35 does not know', async () => {
    const facts = await look(({ files, links }) => {
      files[DROP_IN] = `[Service]\nEnvironment="KUBELET_EXTRA_ARGS=${FLAG}"\n`;
      for (const path of Object.keys(files)) if (path.startsWith('/proc/387/')) delete files[path];
      for (const path of Object.keys(links)) if (path.startsWith('/proc/387/')) delete links[path];
    });
    const { kubeletConfig } = facts;
    if (kubeletConfig?.status !== 'complete') throw new Error(JSON.stringify(kubeletConfig));
    kubeletConfig.value.installedVersion = '1.35.0';
    expect(await found(facts)).toEqual([`error kubelet/removed-pause-flag removed ${DROP_IN}`]);
  });
});
