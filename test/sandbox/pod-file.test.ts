import { expect, test } from 'vitest';
import { parsePodFile } from '../../src/sandbox/pod-file.ts';
import { parsePublish, requireSysctls } from '../../src/sandbox/words.ts';

const parse = (value: unknown) => parsePodFile(JSON.stringify(value), 'pod.json');

test('the least pod file has the defaults of CRI', () => {
  expect(parse({ metadata: { name: 'web' } })).toEqual({
    name: 'web',
    runtime: {
      modes: { network: 0, ipc: 0, pid: 0 },
      logDirectory: '',
      cgroupParent: '',
      privileged: false,
    },
    ignored: [],
    spec: {
      hostname: '',
      pod: { namespace: 'default', uid: '', attempt: 0 },
      sharePid: true,
      sysctls: {},
      dns: { servers: [], searches: [], options: [] },
      ports: [],
      labels: {},
      annotations: {},
    },
  });
});

test('enums are numbers or names; a port without one on the host is only a note', () => {
  const { spec, ignored } = parse({
    metadata: { name: 'web', namespace: 'shop', uid: 'u', attempt: 1 },
    port_mappings: [
      { protocol: 1, container_port: 53, host_port: 5353, host_ip: '127.0.0.1' },
      { protocol: 'TCP', container_port: 80, host_port: 0 },
    ],
    linux: { resources: {}, security_context: { privileged: true, namespace_options: { pid: 1 } } },
  });
  expect(spec.ports).toEqual([{ hostPort: 5353, containerPort: 53, protocol: 'udp', hostIp: '127.0.0.1' }]);
  expect([spec.sharePid, spec.pod]).toEqual([false, { namespace: 'shop', uid: 'u', attempt: 1 }]);
  expect(ignored).toEqual(['linux.resources', 'linux.security_context.privileged']);
});

test.each([
  [{}, 'metadata.name "" is no DNS label'],
  [[], 'the whole: it is no object'],
  [{ metadata: { name: 'a' }, colour: 1 }, 'colour: there is no such key'],
  [{ metadata: { name: 'a', age: 1 } }, 'metadata.age: there is no such key'],
  [{ metadata: { name: 'a', attempt: -1 } }, 'metadata.attempt: it is no whole number'],
  [{ metadata: { name: 'a' }, labels: { a: 1 } }, 'labels.a: it is no string'],
  [{ metadata: { name: 'a' }, dns_config: { servers: ['x'] } }, 'the DNS server "x" is wrong'],
  [
    { metadata: { name: 'a' }, port_mappings: [{ protocol: 7 }] },
    'port_mappings[0].protocol: it is one of 0 (TCP)',
  ],
  [
    { metadata: { name: 'a' }, linux: { sysctls: { 'vm.swappiness': '1' } } },
    'sysctl "vm.swappiness" is wrong',
  ],
  [
    { metadata: { name: 'a' }, linux: { security_context: { namespace_options: { network: 'NODE' } } } },
    'namespace_options.network: only POD can be had',
  ],
])('%j is refused by its key', (value, message) => {
  expect(() => parse(value)).toThrow(message);
});

test('prototype keys are only keys', () => {
  const text = '{"metadata":{"name":"a"},"labels":{"__proto__":"x"}}';
  expect(Object.keys(parsePodFile(text, 'pod.json').spec.labels)).toEqual(['__proto__']);
  expect(() => parsePodFile('{"__proto__":{"x":1},"metadata":{"name":"a"}}', 'pod.json')).toThrow(
    'no such key',
  );
});

test('ports', () => {
  expect(parsePublish('8080:80')).toEqual({ hostPort: 8080, containerPort: 80, protocol: 'tcp', hostIp: '' });
  expect(parsePublish('[::1]:53:53/udp')).toMatchObject({ protocol: 'udp', hostIp: '::1' });
  for (const bad of ['80', '0:80', '80:65536', '1.2.3:80:80', '80:80/icmp', 'x:80:80', '80:80:80:80'])
    expect(() => parsePublish(bad)).toThrow(/ is wrong/);
});

test('only sysctls of a sandbox that this kernel has', () => {
  expect(requireSysctls({ 'net.ipv4.ip_forward': '1' })).toEqual({ 'net.ipv4.ip_forward': '1' });
  for (const bad of ['kernel.panic', 'net.ipv4.../../kernel/panic', 'net.no_such_thing', 'fs.file-max'])
    expect(() => requireSysctls({ [bad]: '1' })).toThrow('is wrong');
});
