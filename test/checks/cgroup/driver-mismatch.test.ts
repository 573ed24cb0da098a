import { describe, expect, it } from 'vitest';
import check from '../../../checks/cgroup/driver-mismatch.ts';
import type { Facts, KubeletConfigFact, RuntimeFact } from '../../../src/model/facts.ts';
import { DAY, healthyNode, judge, NOW, unread } from '../../support/node.ts';

const FILE = '/var/lib/kubelet/config.yaml';

function node(
  kubelet: string | null,
  runtime: RuntimeFact['cgroupDriver'],
  versions: { kubelet?: string | null; runtime?: string } = {},
): Facts {
  const facts = healthyNode();
  facts.kubelet.version = versions.kubelet === undefined ? '1.30.1' : versions.kubelet;
  facts.runtime = { ...facts.runtime, cgroupDriver: runtime, version: versions.runtime ?? '1.7.24' };
  facts.kubeletConfig = {
    ...facts.kubeletConfig,
    files: [{ path: FILE, mtime: NOW - 2 * DAY, error: null }],
    cgroupDriver: kubelet === null ? null : { value: kubelet, at: `${FILE}:7` },
  };
  return facts;
}

describe('cgroup/driver-mismatch', () => {
  it.each(['systemd', 'cgroupfs'] as const)('passes where both say %s', async (driver) => {
    expect(await judge(check, node(driver, driver))).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('says that no pod can start where the runtime alone uses systemd', async () => {
    expect((await judge(check, node('cgroupfs', 'systemd'))).findings).toMatchObject([
      {
        messageId: 'noPods',
        severity: 'error',
        evidence: [
          { at: `${FILE}:7`, value: 'cgroupDriver: cgroupfs' },
          { at: 'containerd 1.7.24', value: 'driver systemd' },
        ],
      },
    ]);
  });

  it('says that limits do not hold where kubelet alone uses systemd', async () => {
    expect((await judge(check, node('systemd', 'cgroupfs'))).findings).toMatchObject([
      { messageId: 'noLimits', severity: 'warning' },
    ]);
  });

  it("takes kubelet's default where nobody states a driver, unless a file was not read", async () => {
    const facts = node(null, 'systemd');
    expect((await judge(check, facts)).findings).toMatchObject([
      { messageId: 'noPods', evidence: [{ at: "kubelet's default" }, {}] },
    ]);
    const [file] = facts.kubeletConfig.files as KubeletConfigFact['files'];
    if (file) file.error = 'permission denied';
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });

  it('only warns of a file that kubelet has not read yet', async () => {
    const facts = node('cgroupfs', 'systemd');
    facts.kubelet.startedAt = NOW - 3 * DAY;
    expect((await judge(check, facts)).findings).toMatchObject([
      {
        severity: 'warning',
        evidence: [{ value: 'cgroupDriver: cgroupfs, from the next start of kubelet on' }, {}],
      },
    ]);
  });

  it('does not report a kubelet that asks a runtime that answers', async () => {
    const asks = node('cgroupfs', 'systemd', { kubelet: '1.31.0', runtime: '2.1.9' });
    expect(await judge(check, asks)).toMatchObject({ verdict: 'pass' });
    for (const versions of [
      { kubelet: '1.36.2', runtime: '1.7.24' },
      { kubelet: '1.30.9', runtime: '2.1.9' },
    ])
      expect((await judge(check, node('cgroupfs', 'systemd', versions))).findings).toHaveLength(1);
  });

  it('is unknown where the version decides and is not known', async () => {
    const facts = node('cgroupfs', 'systemd', { kubelet: null, runtime: '2.1.9' });
    expect(await judge(check, facts)).toMatchObject({ verdict: 'unknown' });
  });

  it('says nothing without a kubelet, or a runtime that does not tell', async () => {
    expect(await judge(check, node('cgroupfs', null))).toMatchObject({ verdict: 'pass' });
    const instead = { kubeletConfig: unread('missing', 'no kubelet') };
    expect(await judge(check, node('cgroupfs', 'systemd'), instead)).toMatchObject({ verdict: 'pass' });
  });

  it('names pods in cgroups of the other driver', async () => {
    const facts = node('systemd', 'systemd');
    const pauses = facts.processes.filter((p) => facts.sandboxes.some(({ id }) => id === p.containerId));
    const slice = (id: string | null) => `/kubepods.slice/kubepods-pod0.slice/cri-containerd-${id}.scope`;
    for (const pause of pauses.slice(1)) pause.cgroup = slice(pause.containerId);
    const [first] = pauses;
    expect((await judge(check, facts)).findings).toMatchObject([
      {
        messageId: 'mixed',
        severity: 'warning',
        message:
          'default/web is in cgroups of the cgroupfs driver, the others not: the driver was changed while they ran',
        evidence: [
          { at: `/proc/${first?.pid}/cgroup`, value: first?.cgroup },
          { value: slice(pauses[1]?.containerId ?? '') },
        ],
      },
    ]);
    if (first) first.cgroup = slice(first.containerId);
    expect(await judge(check, facts)).toMatchObject({ verdict: 'pass' });
  });
});
