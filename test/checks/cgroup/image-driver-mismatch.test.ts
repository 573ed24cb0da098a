import { expect, test } from 'vitest';
import check from '../../../checks/cgroup/image-driver-mismatch.ts';
import type { Facts, NodeProgram } from '../../../src/model/facts.ts';
import { healthyNode, judge } from '../../support/node.ts';

const AT = '/var/lib/kubelet/config.yaml:7';
type Driver = 'systemd' | 'cgroupfs';

function image(
  kubelet: Driver | null,
  runtime: Driver | null,
  versions: Partial<Record<string, string>>,
): Facts {
  const facts = healthyNode();
  const program = (name: NodeProgram['name']) => ({
    name,
    path: `/usr/bin/${name}`,
    version: versions[name] ?? null,
  });
  facts.nodeImage.programs = [program('containerd'), program('kubelet')];
  facts.runtimeConfig.cgroupDriver = runtime && { value: runtime, at: '/etc/containerd/config.toml:3' };
  facts.kubeletConfig.cgroupDriver = kubelet && { value: kubelet, at: AT };
  return facts;
}

const OLD = { containerd: '1.7.24', kubelet: '1.34.2' };
const NEW = { containerd: '2.1.9', kubelet: '1.34.2' };

test.each<[string, Facts]>([
  ['both say the same', image('systemd', 'systemd', OLD)],
  ['nobody tells kubelet', image(null, 'systemd', OLD)],
  ['the files of the runtime do not tell', image('systemd', null, OLD)],
  ['kubelet asks the runtime', image('systemd', 'cgroupfs', NEW)],
])('passes where %s', async (_, facts) => {
  expect(await judge(check, facts)).toMatchObject({ verdict: 'pass', findings: [] });
});

test.each<[Driver, Driver, object, string, string]>([
  ['cgroupfs', 'systemd', OLD, 'noPods', 'error'],
  ['systemd', 'cgroupfs', OLD, 'noLimits', 'warning'],
  ['systemd', 'cgroupfs', { containerd: '1.6.20' }, 'noLimits', 'warning'],
  ['cgroupfs', 'systemd', { ...NEW, kubelet: '1.30.9' }, 'noPods', 'error'],
])('kubelet %s, runtime %s, of %o', async (kubelet, runtime, versions, messageId, severity) => {
  const { findings } = await judge(check, image(kubelet, runtime, versions));
  expect(findings).toMatchObject([{ messageId, severity, evidence: [{ at: AT }, {}] }]);
});

test('does not guess for a kubelet whose version is not known', async () => {
  expect(await judge(check, image('systemd', 'cgroupfs', { containerd: '2.1.9' }))).toMatchObject({
    verdict: 'unknown',
    reason: "kubelet's version is not known: it may take the cgroup driver from the runtime",
  });
});
