import { expect, test } from 'vitest';
import { parseCmdline, parseFlags } from '../../src/collect/argv.ts';
import { candidateKind, identifyDaemon } from '../../src/collect/daemon-kind.ts';
import { parseShimArgs } from '../../src/collect/shim-args.ts';

test('a command line ends with NUL, and empty arguments stay', () => {
  expect(parseCmdline('/usr/bin/crio\0--config-dir\0\0')).toEqual(['/usr/bin/crio', '--config-dir', '']);
  expect(parseCmdline('')).toEqual([]);
});

test('flags in every form; the last one wins; unknown ones are left', () => {
  const known = new Set(['config', 'root', 'state']);
  const args = ['--config', '/a', '-root=/b', '--state=', '-c', '/c', '--token=s3cret', '--v', '2', '-'];
  expect(parseFlags(args, known, { c: 'config' })).toEqual({
    flags: { config: '/c', root: '/b', state: '' },
    rest: ['--token=s3cret', '--v', '2', '-'],
  });
});

test('names of prototypes are names like others', () => {
  expect(parseFlags(['--__proto__=x', '-constructor', 'y'], new Set(['config']))).toEqual({
    flags: {},
    rest: ['--__proto__=x', '-constructor', 'y'],
  });
});

const identify = (line: string) => {
  const args = line.split(' ');
  const candidate = candidateKind(args[0] ?? '');
  return candidate === null ? null : identifyDaemon(candidate, args);
};

test.each([
  [
    '/usr/bin/containerd -c /etc/containerd/config.toml',
    'containerd',
    { config: '/etc/containerd/config.toml' },
  ],
  [
    '/usr/bin/containerd --config=/x.toml --root /r --state /s -a /x.sock -l debug',
    'containerd',
    { config: '/x.toml', root: '/r', state: '/s', address: '/x.sock' },
  ],
  [
    '/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --hostname-override=worker-1 --cert-dir=/pki -v 2',
    'kubelet',
    { config: '/var/lib/kubelet/config.yaml', 'hostname-override': 'worker-1' },
  ],
  ['/usr/bin/crio --runroot /rr -d /etc/crio/x.d', 'crio', { runroot: '/rr', 'config-dir': '/etc/crio/x.d' }],
  ['/usr/bin/dockerd -H fd://', 'dockerd', {}],
  [
    '/usr/bin/cri-dockerd --container-runtime-endpoint unix:///x',
    'cri-dockerd',
    { 'container-runtime-endpoint': 'unix:///x' },
  ],
])('%s', (line, kind, flags) => {
  expect(identify(line)).toEqual({ kind, flags });
});

test.each([
  '/usr/bin/containerd config dump',
  '/usr/bin/containerd -c /x.toml config default',
  '/usr/bin/containerd --version',
  '/usr/bin/containerd --address /x.sock publish --topic /tasks/exit',
  '/usr/bin/crio status info',
  '/usr/bin/kubelet --version',
  '/usr/bin/dockerd --validate',
  '/usr/bin/containerd-shim-runc-v2 -namespace k8s.io',
])('%s is no daemon', (line) => {
  expect(identify(line)).toBeNull();
});

test('programs that play all parts are told by the name they are called', () => {
  const data = '/var/lib/rancher/k3s/data/f00/bin';
  expect(candidateKind(`${data}/containerd (deleted)`)).toBe('containerd');
  expect(candidateKind(`${data}/k3s`)).toBe('multi-call');
  expect(identifyDaemon('multi-call', ['containerd', '--state', '/run/k3s/containerd'])).toEqual({
    kind: 'containerd',
    flags: { state: '/run/k3s/containerd' },
  });
  expect(identifyDaemon('multi-call', ['/usr/local/bin/k3s', 'server'])).toBeNull();
  expect(identifyDaemon('containerd', ['/usr/local/bin/k3s', 'server'])).toBeNull();
  expect(candidateKind('constructor')).toBeNull();
});

test('a recorded shim', () => {
  const line =
    '/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id aad1 -address /run/containerd/containerd.sock';
  const shim = { namespace: 'k8s.io', id: 'aad1', address: '/run/containerd/containerd.sock' };
  expect(parseShimArgs(line.split(' '))).toEqual(shim);
  expect(parseShimArgs(`${line} -debug`.split(' '))).toEqual(shim);
  expect(parseShimArgs(`${line} start`.split(' '))).toBeNull();
  expect(parseShimArgs(`${line} -bundle /b delete`.split(' '))).toBeNull();
  expect(parseShimArgs(['containerd-shim', '-namespace', 'moby', '-workdir', '/w'])).toBeNull();
  expect(parseShimArgs([])).toBeNull();
});
