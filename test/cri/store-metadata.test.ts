import { expect, test } from 'vitest';
import { storeMetadata } from '../../src/cri/store-metadata.ts';

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

const sandbox = (namespace_options?: unknown) => ({
  Version: 'v1',
  Metadata: {
    ID: 'a1',
    Name: 'web_default_u-1_0',
    NetNSPath: '/var/run/netns/cni-1',
    Config: { linux: { security_context: { namespace_options } } },
  },
});

test.each([
  [{ pid: 1 }, { net: 'pod', pid: 'container', ipc: 'pod' }],
  [{}, { net: 'pod', pid: 'pod', ipc: 'pod' }],
  [undefined, { net: 'pod', pid: 'pod', ipc: 'pod' }],
  [
    { network: 2, pid: 2, ipc: 2 },
    { net: 'node', pid: 'node', ipc: 'node' },
  ],
  [{ network: 9 }, null],
  [{ network: '2' }, null],
  [{ network: -1 }, null],
])('namespace options %j mean %j', (options, modes) => {
  expect(storeMetadata(bytes(sandbox(options)), 'sandbox')).toEqual({
    name: 'web_default_u-1_0',
    netnsPath: '/var/run/netns/cni-1',
    sandboxId: null,
    modes,
    imageId: null,
    address: '',
  });
});

test("an app container names its sandbox and its image's id", () => {
  const Metadata = { Name: 'app_web_default_u-1_0', SandboxID: 'a1', ImageRef: 'sha256:5a' };
  expect(storeMetadata(bytes({ Version: 'v1', Metadata }), 'container')).toEqual({
    name: 'app_web_default_u-1_0',
    netnsPath: null,
    sandboxId: 'a1',
    modes: null,
    imageId: 'sha256:5a',
  });
});

test.each([
  ['no JSON', '{"Version"'],
  ['another version', { ...sandbox(), Version: 'v2' }],
  ['no metadata', { Version: 'v1' }],
  ['a list', []],
  ['a name of another type', { Version: 'v1', Metadata: { Name: 7 } }],
])('%s throws', (_what, value) => {
  expect(() => storeMetadata(bytes(value), 'sandbox')).toThrow();
});

test('bytes that are no text throw', () => {
  expect(() => storeMetadata(new Uint8Array([0xff, 0xfe]), 'sandbox')).toThrow();
});
