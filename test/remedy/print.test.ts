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

const cases: [Action, string][] = [
  [{ kind: 'write-record', record }, `install -m 600 /dev/stdin /s/records/${id}.json`],
  [{ kind: 'remove-record', id }, `rm -f /s/records/${id}.json`],
  [{ kind: 'make-namespaces', id, types: ['uts'] }, `podctl-ns create --uts ${record.uts.path}`],
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
  [{ kind: 'pull-image', endpoint: '/c.sock', image: 'a:1' }, 'crictl -r unix:///c.sock pull a:1'],
  [
    { kind: 'stop-containers', endpoint: '/c.sock', containers: ['c1', 'c2'], graceMs: 1500 },
    'crictl -r unix:///c.sock stop -t 2 c1 c2',
  ],
  [{ kind: 'remove-sandbox', endpoint: '/c.sock', sandbox: 's1' }, 'crictl -r unix:///c.sock rmp s1'],
  [{ kind: 'remove-pod-logs', folder: '/l/s1' }, 'rm -rf /l/s1'],
];

test.each(cases)('%j is printed as a command', (action, text) => {
  const printed = printAction(action, places).map((command) => command.join(' '));
  expect(printed.join('; ')).toBe(text);
});

test('an action on a sandbox that is gone can still be printed', () => {
  expect(printAction({ kind: 'cni-add', id: 'b'.repeat(64), again: true }, places)).toHaveLength(1);
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
