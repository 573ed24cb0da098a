import { expect, test } from 'vitest';
import { encodeCache } from '../../src/cni/cache-format.ts';
import { publishedPorts } from '../../src/cni/published-ports.ts';

function cache(portMappings: unknown): string {
  return encodeCache({
    network: 'podnet',
    config: '{}',
    attachment: {
      containerId: 'a'.repeat(64),
      netns: '/run/netns/x',
      ifName: 'eth0',
      capabilityArgs: { portMappings: portMappings as never },
    },
    result: { cniVersion: '1.0.0', ips: [] },
  });
}

test('reads what runtimes write, and leaves out what was not published', () => {
  const written = [
    { HostPort: 1, hostPort: 8080, containerPort: 80, protocol: 'TCP', hostIP: '10.0.0.1' },
    { hostPort: 0, containerPort: 81, protocol: 'tcp' },
    { hostPort: 5353, containerPort: 53, protocol: 'udp' },
  ];
  expect(publishedPorts(cache(written), 'f')).toEqual([
    { protocol: 'tcp', hostIp: '10.0.0.1', hostPort: 8080, containerPort: 80 },
    { protocol: 'udp', hostIp: '', hostPort: 5353, containerPort: 53 },
  ]);
});

test("reads containerd's spelling, as portmap does", () => {
  const written = [{ HostPort: 8080, ContainerPort: 80, Protocol: 'TCP', HostIP: '' }];
  expect(publishedPorts(cache(written), 'f')).toEqual([
    { protocol: 'tcp', hostIp: '', hostPort: 8080, containerPort: 80 },
  ]);
});

test.each([
  ['nothing', ''],
  ['garbage', '{'],
  ['no list', cache('x')],
  [
    'numbers that are no ports',
    cache([{ hostPort: 1e9, containerPort: 80 }, { hostPort: '80', containerPort: 80 }, 7]),
  ],
])('%s publishes nothing', (_, text) => {
  expect(publishedPorts(text, 'f')).toEqual([]);
});
