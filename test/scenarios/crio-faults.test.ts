import { describe, expect, it } from 'vitest';
import { end, findings, found, look, mount, unmount } from '../captures/alter.ts';
import { forget, OF_WEB, PIN, unlist, WEB } from '../captures/crio.ts';
import { type CriCapture, readCapture } from '../captures/load.ts';

/** One of the plain pod's containers. */
const SIDECAR = 14263;
/** A container of the pod whose containers share a PID namespace, and the network of another pod. */
const SHARER = 14458;
const OTHER_NET = 'net:[4026540610]';

const DAMAGED = 'd'.repeat(64);

function sandboxOf({ cri }: CriCapture, name: string) {
  const sandbox = cri.sandboxes.items.find(({ metadata }) => metadata.name === name);
  if (sandbox === undefined) throw new Error(`no sandbox ${name}`);
  return sandbox;
}

function pauseOf({ files, links }: CriCapture, id: string): number {
  const exe = Object.keys(links).find(
    (link) => links[link] === '/pause' && files[link.replace(/exe$/, 'cgroup')]?.includes(id),
  );
  return Number(exe?.split('/')[2]);
}

describe('the captured node crio-1.37', () => {
  it('NS-03: a container in the network of another pod, although there is no pause to compare with', async () => {
    const capture = readCapture('crio-1.37');
    capture.links[`/proc/${SIDECAR}/ns/net`] = OTHER_NET;
    const [finding] = (await findings(await look(capture))).filter(({ check }) => check === 'netns/mismatch');
    expect(finding).toMatchObject({ messageId: 'otherNetns', subject: { name: 'default/web/sidecar' } });
    expect(finding?.evidence.map(({ at }) => at)).toContain(`/run/netns/${PIN}`);
  });

  it('NS-03: a container that is not in the PID namespace that its pod shares', async () => {
    const capture = readCapture('crio-1.37');
    capture.links[`/proc/${SHARER}/ns/pid`] = 'pid:[4026540999]';
    expect(await found(await look(capture))).toEqual(['netns/mismatch otherNamespace default/sharedpid/app']);
  });

  it('SBX-09, NS-04: the pin is the anchor, and containers can pin their namespaces again', async () => {
    const capture = readCapture('crio-1.37');
    for (const type of ['net', 'ipc', 'uts']) unmount(capture, `/run/${type}ns/${PIN}`);
    delete capture.files[`/run/ipcns/${PIN}`];
    const facts = await look(capture);
    expect(await found(facts)).toEqual(['sandbox/anchor-lost pinsLost default/web']);
    const told = (await findings(facts)).find(({ check }) => check === 'sandbox/anchor-lost');
    expect(told).toMatchObject({
      severity: 'error',
      message:
        'default/web has lost its net, ipc, uts pins, and has no pause: nothing can be started or restarted in it',
    });
    const commands = told?.remedies[0]?.commands ?? [];
    expect(commands).toHaveLength(4);
    expect(commands[1]).toMatch(new RegExp(`touch /run/ipcns/${PIN}$`));
    // Made a moment ago: it may be younger than the look at pins.
    expect(await found(facts, 86_400_000)).toEqual([]);
  });

  it('SBX-09: without a container in them the namespaces are gone with their pins', async () => {
    const capture = readCapture('crio-1.37');
    unmount(capture, `/run/netns/${PIN}`);
    for (const pid of OF_WEB) end(capture, pid);
    const told = (await findings(await look(capture))).find(({ check }) => check === 'sandbox/anchor-lost');
    expect(told?.remedies[0]?.commands).toEqual([`crictl stopp ${WEB}`, `crictl rmp ${WEB}`]);
  });

  it('NS-05: a second mount on a pin', async () => {
    const capture = readCapture('crio-1.37');
    mount(capture, `990 522 0:4 net:[4026540451] /run/netns/${PIN} rw - nsfs nsfs rw`);
    expect(await found(await look(capture))).toEqual(['netns/pin-stacked stacked default/web']);
  });

  /** CRI-O has forgotten the plain pod, and its processes are gone. */
  function forgotten(): CriCapture {
    const capture = readCapture('crio-1.37');
    forget(capture, WEB);
    for (const pid of OF_WEB) end(capture, pid);
    return capture;
  }

  it('NS-06, CNI-06: all that a forgotten sandbox leaves, its other pins among it', async () => {
    const facts = await look(forgotten());
    expect(await found(facts)).toEqual([
      'cni/leaked-reservation leaked podnet 10.130.0.10',
      `netns/leaked leaked /run/netns/${PIN}`,
    ]);
    const leaked = (await findings(facts)).find(({ check }) => check === 'netns/leaked');
    expect(leaked?.evidence.map(({ at }) => at)).toEqual(
      expect.arrayContaining([`/run/ipcns/${PIN}`, `/run/utsns/${PIN}`]),
    );
    expect(await found(facts, 86_400_000)).toEqual([]);
  });

  it('SBX-12: its shared memory is still mounted', async () => {
    const capture = forgotten();
    const shm = `/run/containers/storage/overlay-containers/${WEB}/userdata/shm`;
    capture.files[`${shm}/file`] = '';
    const facts = await look(capture);
    expect(await found(facts)).toContain(`sandbox/unrestorable shmHeld ${shm}`);
    expect(await found(facts, 86_400_000)).toEqual([]);
  });

  it('SBX-06: dead sandboxes pile up', async () => {
    const capture = readCapture('crio-1.37');
    const old = sandboxOf(capture, 'old-web');
    const again = (attempt: number) => ({
      ...old,
      id: `${attempt}`.repeat(64),
      metadata: { ...old.metadata, attempt },
    });
    capture.cri.sandboxes.items.push(again(1), again(2));
    expect(await found(await look(capture))).toContain('sandbox/notready-pile pile default/old-web');
  });

  it('CNI-01, CNI-06, CNI-08: no configuration, an address for nobody, an empty cached result', async () => {
    const capture = readCapture('crio-1.37');
    capture.files['/var/lib/cni/networks/podnet/10.130.0.99'] = `${DAMAGED}\r\neth0`;
    capture.files[`/var/lib/cni/results/podnet-${WEB}-eth0`] = '';
    expect(await found(await look(capture))).toEqual([
      'cni/cache-damaged mayBlock default/web',
      'cni/leaked-reservation alone podnet 10.130.0.99',
    ]);
    const bare = readCapture('crio-1.37');
    delete bare.files['/etc/cni/net.d/10-podnet.conflist'];
    const status = bare.cri.status as { status: { conditions: { type: string; status: boolean }[] } };
    const network = status.status.conditions.find(({ type }) => type === 'NetworkReady');
    if (network) network.status = false;
    expect(await found(await look(bare))).toEqual([
      'cni/no-configuration none /etc/cni/net.d',
      'runtime/not-ready notReady /run/crio/crio.sock',
    ]);
  });
});

describe('the captured node crio-1.37-with-infra', () => {
  it.each(['crio-1.37', 'crio-1.37-with-infra'] as const)('SBX-09 on %s: a pause is dead', async (name) => {
    const capture = readCapture(name);
    const sandbox = sandboxOf(capture, 'sharedpid');
    sandbox.state = 'SANDBOX_NOTREADY';
    end(capture, pauseOf(capture, sandbox.id));
    expect(await found(await look(capture))).toEqual(['sandbox/anchor-lost pauseDead default/sharedpid']);
  });

  it('NS-04: a pin is lost, and a pause is there to make it again from', async () => {
    const capture = readCapture('crio-1.37-with-infra');
    const { id } = sandboxOf(capture, 'web');
    const spec = JSON.parse(
      capture.files[`/run/containers/storage/overlay-containers/${id}/userdata/config.json`] ?? '',
    );
    const network = spec.linux.namespaces.find(({ type }: { type: string }) => type === 'network');
    unmount(capture, network.path.replace('/var/run', '/run'));
    expect(await found(await look(capture))).toEqual(['netns/pin-lost unmounted default/web']);
  });

  it('SBX-13: a pause that CRI-O has forgotten', async () => {
    const capture = readCapture('crio-1.37-with-infra');
    unlist(capture, sandboxOf(capture, 'web').id);
    expect(await found(await look(capture))).toEqual(['sandbox/orphaned-pause unlisted default/web']);
  });
});
