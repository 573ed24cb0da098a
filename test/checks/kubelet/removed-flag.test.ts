import { expect, test } from 'vitest';
import check from '../../../checks/kubelet/removed-flag.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { DAY, healthyNode, judge, NOW } from '../../support/node.ts';

const FILE = '/etc/systemd/system/kubelet.service.d/10-runtime.conf';
const NO_KUBELET: Outcome<never> = { status: 'absent', reason: 'no kubelet runs', ms: 0 };

function node(flag: string, version: string | null, mtime = NOW - 5 * DAY): Facts {
  const facts = healthyNode();
  facts.kubelet.version = version;
  facts.kubeletConfig.installedVersion = version;
  facts.kubeletConfig.oldFlags = [{ flag, file: FILE, line: 3, mtime }];
  return facts;
}

test('passes where no file has such a flag', async () => {
  expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
});

test.each([
  ['network-plugin', '1.23.9', false],
  ['network-plugin', '1.24.0', true],
  ['container-runtime', '1.26.15', false],
  ['container-runtime', '1.27.1', true],
])('--%s for an installed kubelet %s', async (flag, version, isFound) => {
  const { findings } = await judge(check, node(flag, version), { kubelet: NO_KUBELET });
  const message = `kubelet ${version} does not start: it does not know --${flag}, which ${FILE} gives it`;
  expect(findings).toMatchObject(isFound ? [{ severity: 'error', message, subject: { id: FILE } }] : []);
});

test('warns where the flag came in after kubelet was started; before that, it is not read', async () => {
  expect(await judge(check, node('cni-bin-dir', '1.30.0'))).toMatchObject({ verdict: 'pass' });
  const { findings } = await judge(check, node('cni-bin-dir', '1.30.0', NOW));
  expect(findings).toMatchObject([{ messageId: 'removedAtStart', severity: 'warning' }]);
});

test('is skipped where the version is not known', async () => {
  const judged = await judge(check, node('cni-bin-dir', null), { kubelet: NO_KUBELET });
  expect(judged).toMatchObject({ verdict: 'skipped', reason: "kubelet's version is not known" });
});
