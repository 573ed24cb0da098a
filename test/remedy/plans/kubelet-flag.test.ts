import { expect, test } from 'vitest';
import removed from '../../../checks/kubelet/removed-pause-flag.ts';
import stale from '../../../checks/kubelet/stale-pause-flag.ts';
import type { FileIdentity } from '../../../src/model/plan.ts';
import { DAY, healthyNode, NOW, PAUSE } from '../../support/node.ts';
import { plan, planOn, refusal } from '../../support/planned.ts';

const ENVIRONMENT = '/etc/default/kubelet';
const KUBEADM = '/var/lib/kubelet/kubeadm-flags.env';
const OLD = 'registry.k8s.io/pause:3.6';
const FILE: FileIdentity = { dev: 1, ino: 2, sha256: 'ab' };
const seen = { identify: () => FILE };

function nodeWith(version: string, file: string, value = OLD, mtime = NOW - DAY) {
  const node = healthyNode();
  node.kubelet = { ...node.kubelet, version, flags: { 'pod-infra-container-image': value } };
  node.kubeletConfig.pauseFlags = [{ file, line: 2, value, mtime }];
  for (const image of node.images) image.pinned = false;
  return node;
}

test('the flag that kubelet does not know is taken out, and the restart is left to the operator', async () => {
  const made = plan(await planOn(removed, nodeWith('1.35.0', ENVIRONMENT, OLD, NOW), seen));
  expect(made).toMatchObject({
    risk: 'disruptive',
    steps: [
      {
        action: {
          kind: 'edit-flag',
          path: ENVIRONMENT,
          sha256: 'ab',
          value: null,
          backupFolder: '/etc/default',
        },
        guards: [{ kind: 'content-is', path: ENVIRONMENT, sha256: 'ab' }],
      },
    ],
    notes: [expect.stringContaining('systemctl daemon-reload; systemctl restart kubelet')],
  });
});

test('before the upgrade it is taken out where it does nothing, and kept where it protects the image', async () => {
  expect(plan(await planOn(removed, nodeWith('1.34.0', ENVIRONMENT), seen)).steps).toHaveLength(1);
  expect(refusal(await planOn(removed, nodeWith('1.28.0', ENVIRONMENT), seen)).surer).toContain(
    '1.29 or later',
  );
  expect(plan(await planOn(stale, nodeWith('1.33.0', KUBEADM), seen)).steps).toMatchObject([
    { action: { kind: 'edit-flag', path: KUBEADM, value: null } },
  ]);
});

test('an older kubelet is given the name of the image in use', async () => {
  expect(plan(await planOn(stale, nodeWith('1.28.0', KUBEADM), seen)).steps).toMatchObject([
    { action: { kind: 'edit-flag', path: KUBEADM, value: PAUSE } },
  ]);
  const elsewhere = nodeWith('1.28.0', KUBEADM);
  elsewhere.kubeletConfig.pauseFlags = [];
  expect(refusal(await planOn(stale, elsewhere, seen)).surer).toContain(`=${PAUSE} where it is started`);
});

test("a package's unit, and a file that was changed, are left alone", async () => {
  const unit = nodeWith('1.35.0', '/usr/lib/systemd/system/kubelet.service', OLD, NOW);
  expect(refusal(await planOn(removed, unit, seen)).surer).toContain('systemctl edit --full kubelet');
  expect(refusal(await planOn(removed, nodeWith('1.35.0', ENVIRONMENT, OLD, NOW))).reason).toContain(
    'was changed',
  );
});
