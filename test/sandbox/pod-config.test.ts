import { expect, test } from 'vitest';
import { podConfig } from '../../src/sandbox/cri/pod-config.ts';
import { findPod, type Pod } from '../../src/sandbox/cri/pods.ts';
import { parsePodFile } from '../../src/sandbox/pod-file.ts';
import { sandboxRecord } from './records.ts';

const { network: _, ...spec } = sandboxRecord(1).spec;
const wish = { name: 'web', spec, hostNetwork: false, runtime: null, cgroupParent: '' };
const namespaces = (config: ReturnType<typeof podConfig>) => config.linux.securityContext.namespaceOptions;

test('a pod is asked for as a sandbox of podctl is specified', () => {
  const ports = [{ hostPort: 8080, containerPort: 80, protocol: 'udp' as const, hostIp: '10.0.0.1' }];
  const dns = { servers: ['10.0.0.2'], searches: [], options: [] };
  const config = podConfig({ ...wish, spec: { ...spec, hostname: '', ports, dns }, cgroupParent: 'a.slice' });
  expect(config).toMatchObject({
    metadata: { name: 'web', ...spec.pod },
    hostname: 'web',
    dnsConfig: dns,
    portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 1, hostIp: '10.0.0.1' }],
    linux: { cgroupParent: 'a.slice' },
  });
  expect(namespaces(config)).toEqual({ network: 0, ipc: 0, pid: 1 });
});

test('without DNS of its own a pod gets that of the host; in the host network, its hostname', () => {
  const config = podConfig({ ...wish, spec: { ...spec, hostname: '', sharePid: true }, hostNetwork: true });
  expect([config.hostname, config.dnsConfig]).toEqual(['', undefined]);
  expect(namespaces(config)).toEqual({ network: 2, ipc: 0, pid: 0 });
});

test('the namespaces of a pod file go to a runtime as they are, and podctl has not all of them', () => {
  const options = { network: 'NODE', ipc: 2, pid: 2 };
  const content = JSON.stringify({
    metadata: { name: 'web' },
    log_directory: '/l',
    linux: { cgroup_parent: '/c', overhead: {}, security_context: { namespace_options: options } },
  });
  const { runtime, spec: filed, ignored } = parsePodFile(content, 'pod.json', 'runtime');
  const config = podConfig({ ...wish, spec: filed, runtime, cgroupParent: 'a.slice' });
  expect(namespaces(config)).toEqual({ network: 2, ipc: 2, pid: 2 });
  expect([config.logDirectory, config.linux.cgroupParent, ignored]).toEqual(['/l', '/c', ['linux.overhead']]);
  expect(() => parsePodFile(content, 'pod.json')).toThrow('namespace_options.network: only POD can be had');
});

const pod = (id: string, name: string, more: Partial<Pod> = {}): Pod => {
  return { id, name, namespace: 'default', uid: '', attempt: 0, ready: true, ...more };
};
const pods = [
  pod('aa11', 'web'),
  pod('aa22', 'db', { ready: false }),
  pod('bb11', 'db'),
  pod('bb22', 'twice'),
  pod('bb33', 'twice', { namespace: 'other' }),
  pod('cc11', 'bb'),
];

test.each([
  ['web', 'aa11'],
  ['default/web', 'aa11'],
  ['aa11', 'aa11'],
  ['aa2', 'aa22'],
  ['db', 'bb11'],
  ['other/twice', 'bb33'],
  ['bb', 'cc11'],
  ['nobody', undefined],
])('%s is found', (wanted, id) => {
  expect(findPod(pods, wanted)?.id).toBe(id);
});

test.each(['twice', 'aa'])('%s means several', (wanted) => {
  expect(() => findPod(pods, wanted)).toThrow(`${wanted} means several: default/`);
});
