import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runtimes } from '../rig/packages.ts';
import { withPodman } from '../rig/podman.ts';
import { removeCgroup } from '../rig/teardown.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';

const TAG = 'localhost/podctl/pause:e2e';
const CGROUP = `/podctl-podman-${process.pid}`;
const dir = folderForFile();

/** Loads it, runs a pod whose infra container it is, tells what runs, and takes all away. */
const SCRIPT = (archive: string) => `
podman load --signature-policy $POLICY -i ${archive} >&2
podman pod create --name p1 --network none --cgroup-parent $PARENT --infra-image ${TAG} >&2
podman pod start p1 >&2
infra=$(podman pod inspect p1 --format '{{.InfraContainerID}}')
pid=$(podman inspect $infra --format '{{.State.Pid}}')
readlink /proc/$pid/exe
podman inspect $infra --format '{{.State.Status}}'
podman pod stop p1 >&2
podman inspect $infra --format '{{.State.Status}} {{.State.ExitCode}}'
podman pod rm -f p1 >&2
`;

test('podman loads the image of podctl pause image, and its pods stand and end by it', async () => {
  const [tools] = (await runtimes(['1.6'])).available;
  const archive = path.join(dir, 'pause.tar');
  expect(await runPodctl(['pause', 'image', '-o', archive, '--tag', TAG])).toMatchObject({ code: 0 });
  try {
    const told = await withPodman(dir, tools?.bin.runc ?? '', CGROUP, SCRIPT(archive));
    expect(told.trim().split('\n')).toEqual(['/pause', 'running', 'exited 0']);
  } finally {
    for (const name of fs.readdirSync('/sys/fs/cgroup')) {
      const folder = path.join('/sys/fs/cgroup', name, CGROUP);
      if (fs.existsSync(folder)) await removeCgroup(folder);
    }
  }
});
