import { expect, test } from 'vitest';
import type { Action } from '../../src/model/plan.ts';
import { type Places, printAction } from '../../src/remedy/print.ts';
import { hostsText, resolvText } from '../../src/remedy/sandbox-files.ts';
import { sysctlType } from '../../src/remedy/sysctl.ts';
import { sandboxRecord } from '../sandbox/records.ts';

const base = sandboxRecord(1);
const network = { kind: 'cni' as const, name: 'net1', file: '', conflist: '{}', binDirs: ['/opt/cni/bin'] };
const record = { ...base, spec: { ...base.spec, network } };
const { id } = record;
const places: Places = {
  recordFile: (of) => `/s/records/${of}.json`,
  folderOf: (of) => `/s/sandboxes/${of}`,
  record: (of) => (of === id ? record : null),
};
const from = { net: '/n', ipc: '/i', uts: '/u', user: '' };

const ID = 'c'.repeat(64);
const FILE = { dev: 1, ino: 2, sha256: 'd'.repeat(64) };

const cases: [Action, string][] = [
  [{ kind: 'write-record', record }, `install -m 600 /dev/stdin /s/records/${id}.json`],
  [{ kind: 'remove-record', id }, `rm -f /s/records/${id}.json`],
  [{ kind: 'make-namespaces', id, types: ['uts'] }, `podctl-ns create --uts ${record.uts.path}`],
  [
    { kind: 'start-sandbox', id, next: 'ready' },
    `podctl-ns sandbox --net ${record.net.path} --ipc ${record.ipc.path} --uts ${record.uts.path} --shm /s/sandboxes/${id}/shm -- pause ${id}`,
  ],
  [{ kind: 'start-pause', id, from }, `podctl-ns pause --net /n --ipc /i --uts /u -- pause ${id}`],
  [
    { kind: 'cni-del', id, again: false },
    `env CNI_PATH=/opt/cni/bin CNI_CONTAINERID=${id} cnitool del net1 ${record.net.path}`,
  ],
  [{ kind: 'drop-network', bridge: 'podctl0', folder: '/n' }, 'ip link delete podctl0'],
  [{ kind: 'signal', process: { pid: 7, startTicks: 1 }, signal: 9, what: 'x', waitMs: 0 }, 'kill -9 7'],
  [{ kind: 'pin', from: '/proc/7/ns/net', ns: '4:1', to: '/p' }, 'touch /p; mount --bind /proc/7/ns/net /p'],
  [{ kind: 'unpin', path: '/p', ns: '4:1' }, 'umount /p; rm /p'],
  [{ kind: 'unpin', path: '/p', ns: null }, 'rm /p'],
  [{ kind: 'pull-image', endpoint: '/s', image: 'a:1' }, 'crictl -r unix:///s pull a:1'],
  [
    { kind: 'import-image', endpoint: '/s', archive: '', image: 'a:1', daemon: null, replaces: null },
    'podctl pause image --tag a:1 -o pause.tar; ctr -a /s -n k8s.io images import pause.tar',
  ],
  [
    { kind: 'reload-image', endpoint: '/s', image: 'a:1', id: '', daemon: null },
    [
      'ctr -a /s -n k8s.io images export image.tar a:1',
      'crictl -r unix:///s rmi a:1',
      'ctr -a /s -n k8s.io images import image.tar',
    ].join('; '),
  ],
  [
    { kind: 'copy-image', endpoint: '/s', namespace: 'default', image: 'a:1', digest: '', daemon: null },
    'ctr -a /s -n default images export image.tar a:1; ctr -a /s -n k8s.io images import image.tar',
  ],
  [{ kind: 'tag-image', endpoint: '/s', from: 'a:1', to: 'b:1' }, 'ctr -a /s -n k8s.io images tag a:1 b:1'],
  [
    { kind: 'pin-image', endpoint: '/s', image: 'a:1' },
    'ctr -a /s -n k8s.io images label a:1 io.cri-containerd.pinned=pinned',
  ],
  [
    { kind: 'write-config', path: '/c/x.toml', sha256: '', edits: [], backupFolder: '/b', check: null },
    'cp -p /c/x.toml /b/x.toml.podctl; vi /c/x.toml',
  ],
  [{ kind: 'stop-sandbox', endpoint: '/c.sock', sandbox: ID }, `crictl -r unix:///c.sock stopp ${ID}`],
  [{ kind: 'remove-sandbox', endpoint: '/c.sock', sandbox: ID }, `crictl -r unix:///c.sock rmp ${ID}`],
  [
    { kind: 'end-task', endpoint: '/c.sock', container: ID },
    `ctr -a /c.sock -n k8s.io tasks kill -a -s 9 ${ID}; ctr -a /c.sock -n k8s.io tasks rm ${ID}`,
  ],
  [
    { kind: 'delete-store-record', endpoint: '/c.sock', container: ID },
    `ctr -a /c.sock -n k8s.io containers rm ${ID}`,
  ],
  [
    { kind: 'delete-oci-state', programs: ['/a/runc'], root: '/r', container: ID },
    `runc --root /r delete --force ${ID}`,
  ],
  [
    {
      kind: 'release-attachment',
      entry: `/v/a-b-${ID}-eth0`,
      file: FILE,
      netns: '/n',
      binDirs: ['/x', '/y'],
    },
    `env CNI_PATH=/x:/y CNI_CONTAINERID=${ID} CNI_IFNAME=eth0 cnitool del a-b /n`,
  ],
  [{ kind: 'remove-file', path: '/v/10.0.0.2', file: FILE, lock: '' }, 'rm -- /v/10.0.0.2'],
  [
    { kind: 'remove-file', path: '/v/10.0.0.2', file: FILE, lock: '/v/lock' },
    'flock /v/lock rm -- /v/10.0.0.2',
  ],
  [{ kind: 'delete-link', name: 'veth1', index: 7, mac: '' }, 'ip link delete dev veth1'],
  [
    { kind: 'set-link', name: 'veth1', index: 7, mac: '', bridge: { name: 'cni0', index: 2 }, up: false },
    'ip link set dev veth1 master cni0',
  ],
  [
    { kind: 'set-link', name: 'veth1', index: 7, mac: '', bridge: null, up: true },
    'ip link set dev veth1 up',
  ],
  [
    {
      kind: 'delete-rules',
      program: '/usr/sbin/iptables-nft',
      backend: 'iptables-nft',
      network: 'podnet',
      container: 'c1',
      chain: 'CNI-DN-7',
      entries: [['CNI-HOSTPORT-DNAT', '-j', 'CNI-DN-7']],
    },
    [
      '/usr/sbin/iptables-nft -w -t nat -D CNI-HOSTPORT-DNAT -j CNI-DN-7',
      '/usr/sbin/iptables-nft -w -t nat -F CNI-DN-7',
      '/usr/sbin/iptables-nft -w -t nat -X CNI-DN-7',
    ].join('; '),
  ],
  [
    { kind: 'remove-cgroup', path: '/kubepods/pod1', hierarchies: ['/sys/fs/cgroup/cpu'] },
    'find /sys/fs/cgroup/cpu/kubepods/pod1 -depth -type d -exec rmdir {} ;',
  ],
  [
    { kind: 'stop-containers', endpoint: '/c.sock', containers: ['c1', 'c2'], graceMs: 1500 },
    'crictl -r unix:///c.sock stop -t 2 c1 c2',
  ],
  [
    { kind: 'remove-container', endpoint: '/c.sock', container: 'c1', log: '/l/c1.log' },
    'crictl -r unix:///c.sock rm c1; rm -f /l/c1.log',
  ],
  [
    { kind: 'remove-container', endpoint: '/c.sock', container: 'c1', log: '' },
    'crictl -r unix:///c.sock rm c1',
  ],
  [
    { kind: 'unstack', path: '/p', ns: '4:1', layers: 2, among: { pid: 7, startTicks: 1 } },
    'nsenter -t 7 -m umount /p; nsenter -t 7 -m umount /p',
  ],
  [{ kind: 'put-config-aside', path: '/c/05-x.conf', file: FILE }, 'mv -- /c/05-x.conf /root/'],
  [{ kind: 'remove-pod-logs', folder: '/l/s1' }, 'rm -rf /l/s1'],
];

test.each(cases)('%j is printed as a command', (action, text) => {
  const printed = printAction(action, places).map((command) => command.join(' '));
  expect(printed.join('; ')).toBe(text);
});

test('an action on a sandbox that is gone can still be printed', () => {
  expect(
    printAction({ kind: 'cni-add', id: 'b'.repeat(64), again: true, completes: false }, places),
  ).toHaveLength(1);
});

test('hosts name the sandbox at its addresses, or at loopback', () => {
  expect(hostsText('web', ['10.0.0.2/24', 'fd00::2/64'])).toBe(
    '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.0.2\tweb\nfd00::2\tweb\n',
  );
  expect(hostsText('web', [])).toContain('127.0.0.1\tlocalhost web\n');
  expect(resolvText({ servers: ['10.0.0.10'], searches: ['a', 'b'], options: ['ndots:5'] })).toBe(
    'nameserver 10.0.0.10\nsearch a b\noptions ndots:5\n',
  );
});

test('sysctls are of one namespace, or of the machine', () => {
  const types = [
    'net.core.somaxconn',
    'kernel.shmmax',
    'kernel.sem',
    'fs.mqueue.msg_max',
    'kernel.domainname',
  ];
  expect(types.map(sysctlType)).toEqual(['net', 'ipc', 'ipc', 'ipc', 'uts']);
  expect(['kernel.panic', 'vm.swappiness', 'net', 'net..', 'kernel.shm/../x'].map(sysctlType)).toEqual(
    Array(5).fill(null),
  );
});
