import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { parsePodList } from '../../src/collect/pod-list.ts';
import type { FactName, Facts } from '../../src/model/facts.ts';
import { CAPTURES, type CriCapture, type LoadedNode, loadCapture, readCapture } from '../captures/load.ts';

const NAMES: FactName[] = [
  'reservations',
  'cniCache',
  'cniConf',
  'cgroups',
  'podOwners',
  'containers',
  'pins',
];

describe.each(CAPTURES)('%s', (name) => {
  let capture: CriCapture;
  let node: LoadedNode;
  let value: <N extends FactName>(fact: N) => Facts[N];
  beforeAll(async () => {
    capture = readCapture(name);
    node = await loadCapture(capture);
    const facts = await gather(collectors, NAMES, node.host, node.look, new AbortController().signal);
    value = <N extends FactName>(fact: N): Facts[N] => {
      const outcome = facts[fact];
      if (outcome?.status !== 'complete') throw new Error(`${fact}: ${JSON.stringify(outcome)}`);
      expect(outcome.problems).toBeUndefined();
      return outcome.value as Facts[N];
    };
  });
  afterAll(() => node.close());

  const folder = '/var/lib/cni/networks/podnet';
  const listed = () => capture.cri.sandboxes.items.map(({ id }) => id);

  test('every address is reserved for a listed sandbox, and nothing else is a reservation', () => {
    const { reservations, folders } = value('reservations');
    expect(folders).toEqual([{ path: folder, network: 'podnet' }]);
    const files = Object.keys(capture.files).filter((file) => /\/networks\/podnet\/\d/.test(file));
    expect(reservations.map(({ path }) => path).sort()).toEqual(files.sort());
    for (const one of reservations) {
      expect(listed()).toContain(one.containerId);
      expect(one).toMatchObject({ folder, ifName: 'eth0', state: 'whole', confirmed: true });
      expect(one.path).toBe(`${folder}/${one.address}`);
    }
  });

  test('the cache tells the same, names pins, and holds no arguments', () => {
    const { entries, ipamFolders } = value('cniCache');
    const loopback = name.includes('crio') ? 0 : 1;
    const { reservations } = value('reservations');
    expect(entries).toHaveLength(reservations.length * (1 + loopback));
    const pins = value('pins').pins.map(({ path }) => path);
    for (const entry of entries) {
      expect(entry).toMatchObject({ state: 'whole', hasConfig: true, confirmed: true });
      expect(pins).toContain(entry.netns);
    }
    const attached = entries.filter(({ ifName }) => ifName === 'eth0');
    expect(attached.map((e) => [e.containerId, ...e.addresses])).toEqual(
      attached.map(({ containerId }) => [
        containerId,
        reservations.find((r) => r.containerId === containerId)?.address,
      ]),
    );
    for (const { network, hostLinks } of attached) {
      expect(network).toBe('podnet');
      expect(hostLinks[0]).toBe('cni0');
      expect(hostLinks[1]).toMatch(/^veth[0-9a-f]{8}$/);
    }
    expect(ipamFolders).toEqual([{ path: folder, network: 'podnet' }]);
    expect(value('pins').attachments.map(({ path }) => path)).toEqual(attached.map(({ path }) => path));
    expect(JSON.stringify(entries)).not.toContain('K8S_POD');
  });

  test('the configuration is the one that the runtime looks at', () => {
    const { folder: confDir, files, binDirs } = value('cniConf');
    expect(confDir).toBe('/etc/cni/net.d');
    expect(binDirs).toEqual(['/usr/lib/cni']);
    expect(files.map(({ path, name: network, problem }) => [path, network, problem])).toEqual([
      ['/etc/cni/net.d/10-podnet.conflist', 'podnet', ''],
    ]);
    const [bridge] = files[0]?.plugins ?? [];
    expect(bridge).toMatchObject({ type: 'bridge', bridge: 'cni0', ipam: { type: 'host-local', folder } });
    expect(bridge?.ipam?.ranges[0]?.subnet).toMatch(/^10\.\d+\.0\.0\/16$/);
  });

  test('the cgroups of pods hold the containers that run', () => {
    const cgroups = value('cgroups');
    const uids = new Set(cgroups.map(({ uid }) => uid));
    expect(uids.size).toBe(cgroups.length);
    const running = value('containers').filter(({ state }) => state === 'running');
    const seen = cgroups.flatMap(({ populated, containers }) => (populated ? containers : []));
    expect(running.filter(({ id }) => !seen.includes(id))).toEqual([]);
    for (const one of cgroups) {
      expect(one.confirmed).toBe(true);
      expect(one.path).toMatch(/^\/kubepods\/(besteffort|burstable)\/pod/);
      expect(one.hierarchies.map((at) => at.slice('/sys/fs/cgroup/'.length))).toEqual([
        'pids',
        'systemd',
        'unified',
      ]);
      const procs = Object.keys(capture.files).filter(
        (file) => file.startsWith(`/sys/fs/cgroup/pids${one.path}/`) && capture.files[file] !== '',
      );
      expect(one.populated).toBe(procs.length > 0);
    }
  });

  test('the kubelet knows its pods, and is not asked from another machine', () => {
    const owners = value('podOwners');
    const { kubeletPods } = capture;
    if (kubeletPods === undefined) {
      expect(owners).toMatchObject({ kubelet: 'none', folders: [], manifests: [], pods: null, source: '' });
      expect(owners.why).toBe('no kubelet is on this node');
      return;
    }
    const pods = parsePodList(JSON.stringify(kubeletPods)) ?? [];
    expect(owners.kubelet).toBe('runs');
    expect(owners.pods).toBeNull();
    expect(owners.why).toContain('is not asked from here');
    expect(owners.folders?.map(({ uid }) => uid)).toEqual(pods.map(({ uid }) => uid).sort());
    expect(owners.manifests.map((m) => `${m.namespace}/${m.name}-worker-1`).sort()).toEqual(
      pods.map((p) => `${p.namespace}/${p.name}`).sort(),
    );
    expect(pods.every(({ uid, staticUid }) => uid === staticUid)).toBe(true);
    expect(pods.map(({ phase }) => phase).sort()).toEqual(
      [...Array(pods.length - 1).fill('Running'), 'Succeeded'].sort(),
    );
  });
});
