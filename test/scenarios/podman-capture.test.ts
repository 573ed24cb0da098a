import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { findings, found, look, mount } from '../captures/alter.ts';
import { type Capture, readPodmanCapture } from '../captures/load.ts';

const USER = 1000;
const STATE = `/run/user/${USER}/libpod/tmp`;
const LEFT = '/run/netns/netns-00000000-1111-2222-3333-444444444444';
const WEB = '717ae6675ef6e1523c08d35994ddd932b7d8ce438c7a143e43b95d081b3baf86';
const APP = 17221;
const SIDECAR = 17262;

/** Rootless podman of a user, whose folder is his own. */
function ofUser(root: string): void {
  fs.chownSync(`${root}/run/user/${USER}`, USER, USER);
}

/** A process of that user's, as far as /proc tells. */
function process({ files }: Capture, pid: number, comm: string, cmdline: string): void {
  files[`/proc/${pid}/stat`] =
    `${pid} (${comm}) S 1 ${pid} ${pid} 0 -1 4194560 ${'0 '.repeat(12)}5000 ${'0 '.repeat(29)}0\n`;
  files[`/proc/${pid}/cgroup`] = '0::/user.slice\n';
  files[`/proc/${pid}/cmdline`] = cmdline;
}

const MONITOR = [
  ...['/usr/bin/conmon', '--api-version', '1', '-c', 'f'.repeat(64), '-n', 'mine'],
  ...['-b', `/home/u/.local/share/containers/storage/overlay-containers/${'f'.repeat(64)}/userdata`],
  ...['--exit-command', '/usr/bin/podman', '--exit-command-arg', '--tmpdir', '--exit-command-arg', STATE, ''],
].join('\0');

describe('the captured node podman-4.3', () => {
  it('has nothing wrong, and what podman has is known', async () => {
    const facts = await look(readPodmanCapture());
    expect((await findings(facts)).map(({ check, severity }) => [check, severity])).toEqual([
      ['netns/pin-stacked', 'info'],
      ['sandbox/foreign-pause', 'info'],
    ]);
    const judged = await runChecks(builtinChecks, facts, { minAgeMs: 0 });
    expect(judged.filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
    const { podman } = facts;
    if (podman?.status !== 'complete') throw new Error(JSON.stringify(podman));
    const [place] = podman.value.places;
    expect(podman.value.places).toHaveLength(1);
    expect(place).toMatchObject({ uid: 0, tmpDir: '/run/libpod', pause: null, conmons: 10 });
    expect(place?.containers.filter(({ isInfra }) => isInfra)).toHaveLength(5);
    expect(place?.containers.every(({ podId }) => podId !== null)).toBe(true);
    expect(place?.containers.find(({ id }) => id === WEB)?.netns).toMatch(/^\/run\/netns\/netns-/);
  });

  it('PD-01: a pause of rootless podman that is gone under containers, or is somebody else', async () => {
    const capture = readPodmanCapture();
    capture.files[`${STATE}/pause.pid`] = '4711';
    expect(await found(await look(capture, ofUser))).toEqual([]);
    // A container of the user's with its monitor: podman finds its way by that.
    const userdata = `/run/user/${USER}/containers/overlay-containers/${'f'.repeat(64)}/userdata`;
    capture.files[`${userdata}/pidfile`] = '9001';
    capture.files[`${userdata}/conmon.pid`] = '9000';
    process(capture, 9000, 'conmon', MONITOR);
    process(capture, 9001, 'sleep', 'sleep\0');
    const owned = (root: string) => {
      ofUser(root);
      for (const name of fs.readdirSync(`${root}/proc`))
        if (['9000', '9001', '4711'].includes(name)) fs.chownSync(`${root}/proc/${name}`, USER, USER);
    };
    expect(await found(await look(capture, owned))).toEqual([]);
    delete capture.files['/proc/9000/stat'];
    const [lost] = (await findings(await look(capture, owned))).filter(({ check }) =>
      check.startsWith('podman/'),
    );
    expect(lost).toMatchObject({
      messageId: 'gone',
      severity: 'warning',
      message:
        'podman of user 1000 cannot reach one container, which still runs: its pause and their monitors are gone',
    });
    delete capture.files[`${STATE}/pause.pid`];
    capture.files[`${STATE}/alive`] = '';
    expect(await found(await look(capture, owned))).toEqual([`podman/pause-lost gone ${STATE}/pause.pid`]);
    capture.files[`${STATE}/pause.pid`] = '4711';
    process(capture, 4711, 'sshd', 'sshd\0');
    expect(await found(await look(capture, owned))).toEqual([`podman/pause-lost other ${STATE}/pause.pid`]);
    process(capture, 4711, 'catatonit', 'catatonit\0-P\0');
    expect(await found(await look(capture, owned))).toEqual([]);
    // The same names in a folder of somebody else's: anybody can make them in /tmp.
    delete capture.files['/proc/4711/stat'];
    expect(await found(await look(capture))).toEqual([]);
  });

  it('PD-02: state that outlived a reboot, unless containers run', async () => {
    const past = new Date(Date.now() - 30 * 86_400_000);
    const age = (root: string) => fs.utimesSync(`${root}/run/libpod/alive`, past, past);
    expect(await found(await look(readPodmanCapture(), age))).toEqual([]);
    const capture = readPodmanCapture();
    for (const path of Object.keys(capture.files)) {
      if (/^\/proc\/1\d{4}\//.test(path)) delete capture.files[path];
    }
    expect(await found(await look(capture, age))).toEqual([
      'podman/state-before-boot stale /run/libpod/alive',
    ]);
    expect(await found(await look(capture))).toEqual([]);
  });

  it('PD-03: a pin that outlived its container', async () => {
    const capture = readPodmanCapture();
    capture.files[LEFT] = '';
    mount(capture, `900 501 0:4 net:[4026599999] ${LEFT} rw shared:9 - nsfs nsfs rw`);
    const facts = await look(capture);
    expect(await found(facts)).toEqual([`podman/leaked-netns leaked ${LEFT}`]);
    expect(await found(facts, 3_600_000)).toEqual([]);
    const { podman } = facts;
    if (podman?.status !== 'complete') throw new Error(JSON.stringify(podman));
    const [container] = podman.value.places[0]?.containers ?? [];
    if (container) container.netns = LEFT;
    expect(await found(facts)).toEqual([]);
  });

  it('PD-04: an address for a network that only the infra container is in', async () => {
    const capture = readPodmanCapture();
    capture.links[`/proc/${APP}/ns/net`] = 'net:[4026599998]';
    expect((await findings(await look(capture))).map(({ check }) => check)).not.toContain(
      'podman/unused-address',
    );
    capture.links[`/proc/${SIDECAR}/ns/net`] = 'net:[4026599997]';
    const told = (await findings(await look(capture))).find(({ check }) => check === 'podman/unused-address');
    expect(told).toMatchObject({
      severity: 'info',
      message:
        'The pod of e66190f134e7-infra (podman) holds 10.140.0.9 of network podman, and no container of the pod uses it',
    });
  });
});
