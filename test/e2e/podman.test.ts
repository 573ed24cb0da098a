import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { runtimes } from '../rig/packages.ts';
import { withPodman } from '../rig/podman.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { sh } from '../rig/sh.ts';
import { removeCgroup } from '../rig/teardown.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';
import { podctl, seenIn } from './doctor.ts';

const TAG = 'localhost/podctl/pause:podman';
const CGROUP = `/podctl-podmans-${process.pid}`;
const SPARE = 'netns-0f0f0f0f-1111-2222-3333-444444444444';
const dir = folderForFile();
const archive = path.join(dir, 'pause.tar');
const { available } = await runtimes(['2.x']);
const [runtime] = available;

/** Runs `script` beside podman, with `doctor NAME` to look and keep the report; gives the reports by name. */
async function reports(
  name: string,
  script: string,
  options: Parameters<typeof withPodman>[4],
  endpoint = '',
): Promise<Record<string, Report>> {
  const into = path.join(dir, name);
  fs.mkdirSync(into);
  if (!fs.existsSync(archive))
    expect(await runPodctl(['pause', 'image', '-o', archive, '--tag', TAG])).toMatchObject({ code: 0 });
  const root = path.join(into, 'rootfs/bin');
  fs.mkdirSync(root, { recursive: true });
  fs.copyFileSync(runtime?.busybox ?? '', path.join(root, 'busybox'));
  fs.chmodSync(path.join(root, 'busybox'), 0o755);
  const looks = `doctor() { env -u LD_LIBRARY_PATH ${process.execPath} ${podctl()} doctor -o json --min-age 0s ${endpoint} > ${into}/$1.json || true; }
app() { podman run -d --rootfs "$@" ${into}/rootfs /bin/busybox sleep 600 >&2; }
pod() { podman pod create --infra-image ${TAG} --cgroup-parent $PARENT "$@" >&2; }
trap 'podman pod rm -f -t 0 --all >&2' EXIT
podman load --signature-policy $POLICY -i ${archive} >&2
`;
  try {
    await withPodman(into, runtime?.bin.runc ?? '', `${CGROUP}/libpod_parent`, looks + script, options);
  } finally {
    for (const controller of fs.readdirSync('/sys/fs/cgroup')) {
      const folder = path.join('/sys/fs/cgroup', controller, CGROUP);
      if (fs.existsSync(folder)) await removeCgroup(folder);
    }
  }
  const files = fs.readdirSync(into).filter((file) => file.endsWith('.json') && file !== 'policy.json');
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -5), JSON.parse(fs.readFileSync(path.join(into, file), 'utf8'))]),
  );
}

/** Of podman, with what is information; `undefined` for a report that was not made. */
const ofPodman = (report: Report | undefined) =>
  report &&
  seenIn(report, true).flatMap(({ check, messageId, id }) =>
    check.startsWith('podman/') ? [`${check} ${messageId} ${id}`] : [],
  );

it.runIf(runtime)(
  'pods of podman beside those of containerd, in the same mount namespace',
  async () => {
    await withRig('2.x', { mounts: 'shared' }, async (containerd) => {
      await makePod(containerd, { name: 'web', containers: [{ name: 'a' }] });
      const script = `
pod --name shares
app --pod shares --name a
doctor healthy
pod --name apart --share ipc,uts
app --pod apart --name b --network none
doctor apart
pin=$(podman inspect --format '{{.NetworkSettings.SandboxKey}}' $(podman pod inspect --format '{{.InfraContainerID}}' shares))
touch /run/netns/${SPARE}
mount --bind $pin /run/netns/${SPARE}
doctor pinned
podman pod rm -f -t 0 shares >&2
doctor leaked
umount /run/netns/${SPARE}
rm /run/netns/${SPARE}
doctor after
`;
      const bridge = `pk${containerd.number}`;
      const network = {
        cniBin: containerd.runtime.cniBin,
        bridge,
        subnet: `10.199.${containerd.number}.0/24`,
      };
      const pid = containerd.pid();
      const seen = await reports(
        'beside',
        script,
        { network, among: pid },
        `-r ${containerd.socket}`,
      ).finally(() => sh('ip', ['link', 'delete', bridge]).catch(() => ''));
      const others = /^\/run\/netns\/cni-/;
      const wrong = Object.entries(seen).map(([name, report]) => [
        name,
        seenIn(report)
          .filter(({ check, id }) => check !== 'netns/leaked' || !others.test(id))
          .map(({ check, id }) => `${check} ${id}`),
      ]);
      expect(Object.fromEntries(wrong)).toEqual({
        healthy: [],
        apart: [],
        pinned: [],
        leaked: [`podman/leaked-netns /run/netns/${SPARE}`],
        after: [],
      });
      expect(ofPodman(seen.healthy)).toEqual([]);
      const idle = /^podman\/unused-address unused .*\/addresses\/podman\/10\.199\.\d+\.\d+$/;
      expect(ofPodman(seen.apart)).toEqual([expect.stringMatching(idle)]);
      expect(seen.healthy?.facts.find(({ name }) => name === 'podman')?.status).toBe('complete');
    });
  },
  120_000,
);

it.runIf(runtime)(
  "podman's state that outlived a reboot, in its usual places and without a runtime",
  async () => {
    const script = `
pod --name web --network none
podman pod start web >&2
doctor running
podman pod stop -t 0 web >&2
doctor stopped
touch -d '30 days ago' /run/libpod/alive
doctor stale
touch /run/libpod/alive
`;
    const seen = await reports('places', script, { usualPlaces: true });
    expect(Object.keys(seen).sort()).toEqual(['running', 'stale', 'stopped']);
    expect(ofPodman(seen.running)).toEqual([]);
    expect(ofPodman(seen.stopped)).toEqual([]);
    expect(ofPodman(seen.stale)).toEqual(['podman/state-before-boot stale /run/libpod/alive']);
  },
  120_000,
);
