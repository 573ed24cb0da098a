import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PodSummary, PodTree } from '../../src/model/inside.ts';
import type { OwnerMeaning } from '../../src/model/owner-report.ts';
import type { InspectReport } from '../../src/model/truths.ts';
import type { Containerd } from '../rig/containerd.ts';
import { containerInWrongPod, freezeContainerd, killPause, leakPin } from '../rig/faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { initPid, makePod } from '../rig/pods.ts';
import { until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { runPodctl } from '../support/cli.ts';
import { listed, network, trees, truthful } from './inside-agrees.ts';
import { inside, json } from './inside-ask.ts';
import { logs } from './inside-logs.ts';
import { owners } from './inside-owners.ts';

const { available } = await runtimes(['1.6', '2.x']);

const SERVE = `mkdir /www; echo started; echo trouble >&2; exec httpd -f -p 80 -h /www`;
const ECHO = 'exec httpd -f -p 127.0.0.1:81';

async function populate(containerd: Containerd) {
  const folder = path.join(containerd.dir, 'logs');
  fs.mkdirSync(folder);
  const web = await makePod(containerd, {
    name: 'web',
    logs: folder,
    containers: [
      { name: 'server', command: ['sh', '-c', SERVE] },
      { name: 'proxy', command: ['sh', '-c', ECHO] },
      {
        name: 'counter',
        command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo $i; usleep 50000; done'],
      },
    ],
  });
  const shared = await makePod(containerd, {
    name: 'shared',
    sharePid: true,
    containers: [{ name: 'app', command: ['sh', '-c', 'sleep 1000 & sleep 1000'] }],
  });
  const host = await makePod(containerd, { name: 'host', hostNetwork: true });
  return { web, shared, host };
}

describe.each(available.map((r) => r.line))('looking inside with containerd %s', (line: Line) => {
  it('agrees with nsenter, ip and the links of /proc', async () => {
    await withRig(line, {}, async (containerd) => {
      const { web, shared, host } = await populate(containerd);
      const pause = initPid(containerd, web.id);
      await until(
        'both to listen',
        () =>
          inside(pause, 'cat', '/proc/net/tcp', '/proc/net/tcp6').match(/:005[01] \S+ 0A /g)?.length === 2,
      );
      await listed(containerd, [web, shared, host]);
      await trees(containerd, [web, shared, host]);
      await network(containerd, web);
      await owners(containerd, web);
      await logs(containerd, web);
      await truthful(containerd, [web, shared, host]);
    });
  });

  it('shows a container in another pod’s network namespace, and pods of a frozen runtime', async () => {
    await withRig(line, {}, async (containerd) => {
      const other = await makePod(containerd, { name: 'other' });
      const pod = await containerInWrongPod(containerd, { name: 'broken' }, other);
      const { pods } = await json<{ pods: PodTree[] }>(containerd, 'tree', 'rig/broken');
      const net = fs.readlinkSync(`/proc/${initPid(containerd, other.id)}/ns/net`);
      expect(pods[0]?.containers[0]?.differs).toEqual([{ type: 'net', ns: net, whose: 'rig/other' }]);
      const { truths } = await json<InspectReport>(containerd, 'inspect', 'rig/broken');
      expect(truths.filter((t) => t.differs !== '').map((t) => t.differs)).toEqual([
        `app is in another net namespace than its sandbox: ${net}, that of rig/other`,
      ]);
      const app = initPid(containerd, pod.containers[0]?.id ?? '');
      const process = await json<InspectReport>(containerd, 'inspect', String(app));
      expect(process.truths.find((t) => t.about === 'net')?.differs).toMatch(/^its pod is in net:/);

      const dead = await makePod(containerd, { name: 'dead' });
      await killPause(containerd, dead);
      const headless = await json<InspectReport>(containerd, 'inspect', 'rig/dead');
      expect(headless.truths.map((t) => t.differs)).toContain(
        'the runtime calls it notready, and 1 container runs',
      );

      const thaw = await freezeContainerd(containerd);
      try {
        const args = ['-r', containerd.socket, '-t', '1s'];
        const ps = await runPodctl(['ps', ...args]);
        expect(ps.code).toBe(3);
        expect(ps.stdout).toMatch(/unknown +broken +rig/);
        expect((await runPodctl(['owner', '10.254.254.254', ...args])).code).toBe(3);
      } finally {
        thaw();
      }
    });
  });

  it('finds no owner of what a pod left behind', async () => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, { name: 'gone' });
      const { pods } = await json<{ pods: PodSummary[] }>(containerd, 'ps');
      const address = pods[0]?.addresses?.[0]?.split('/')[0] ?? '';
      const pin = await leakPin(containerd, pod);
      for (const thing of [pin, address, path.join(containerd.ipamDir, containerd.cniNetwork, address)]) {
        const { code, meanings } = await json<{ meanings: OwnerMeaning[] }>(containerd, 'owner', thing);
        expect([thing, code, meanings.map((m) => m.verdict)]).toEqual([thing, 1, ['nobody']]);
      }
    });
  });
});
