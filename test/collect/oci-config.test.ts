import { expect, test } from 'vitest';
import { parseOciConfig } from '../../src/collect/oci-config.ts';

const ID = 'aad1002856b963aa83a9e9e04c5ad5659644363a5e972c7dbe99115e868e83cd';
const UID = '3e22d60c-4eec-4366-a21b-0ed1cbec8c81';
const config = (annotations: unknown, namespaces: unknown) =>
  JSON.stringify({ ociVersion: '1.2.0', annotations, linux: { namespaces } });

const CONTAINERD = {
  'io.kubernetes.cri.container-type': 'sandbox',
  'io.kubernetes.cri.podsandbox.image-name': 'registry.k8s.io/pause:3.10',
  'io.kubernetes.cri.sandbox-id': ID,
  'io.kubernetes.cri.sandbox-name': 'web',
  'io.kubernetes.cri.sandbox-namespace': 'default',
  'io.kubernetes.cri.sandbox-uid': UID,
};

test('a sandbox of containerd', () => {
  const pin = '/var/run/netns/cni-55934594-52a4-dee8-d911-0bdec60cbf02';
  const list = [
    { type: 'pid' },
    { type: 'ipc' },
    { type: 'uts' },
    { type: 'mount' },
    { type: 'network', path: pin },
  ];
  expect(parseOciConfig(config(CONTAINERD, list))).toEqual({
    role: 'sandbox',
    sandboxId: ID,
    meta: { name: 'web', namespace: 'default', uid: UID, attempt: 0 },
    containerName: null,
    namespaces: { pid: '', ipc: '', uts: '', mnt: '', net: pin },
    manager: null,
  });
});

test('a container of containerd; no entry means the namespace of the host', () => {
  const annotations = {
    ...CONTAINERD,
    'io.kubernetes.cri.container-type': 'container',
    'io.kubernetes.cri.container-name': 'app',
  };
  const parsed = parseOciConfig(
    config(annotations, [{ type: 'ipc', path: '/proc/30871/ns/ipc' }, { type: 'mount' }]),
  );
  expect(parsed).toMatchObject({ role: 'container', sandboxId: ID, containerName: 'app' });
  expect(parsed.namespaces).toEqual({ ipc: '/proc/30871/ns/ipc', mnt: '' });
});

const CRIO = {
  'io.container.manager': 'cri-o',
  'io.kubernetes.container.name': 'app',
  'io.kubernetes.cri-o.ContainerType': 'container',
  'io.kubernetes.cri-o.Metadata': '{"name":"app"}',
  'io.kubernetes.cri-o.SandboxID': ID,
  'io.kubernetes.cri-o.SandboxName': `k8s_web_default_${UID}_3`,
  'io.kubernetes.pod.name': 'web',
  'io.kubernetes.pod.namespace': 'default',
  'io.kubernetes.pod.uid': UID,
};

test('a container of CRI-O, with the attempt from the reserved name', () => {
  const list = [{ type: 'pid' }, { type: 'network', path: '/var/run/netns/100f6dfd' }];
  expect(parseOciConfig(config(CRIO, list))).toEqual({
    role: 'container',
    sandboxId: ID,
    meta: { name: 'web', namespace: 'default', uid: UID, attempt: 3 },
    containerName: 'app',
    namespaces: { pid: '', net: '/var/run/netns/100f6dfd' },
    manager: 'cri-o',
  });
});

test('a sandbox of CRI-O has no container name, though it is called POD', () => {
  const annotations = {
    ...CRIO,
    'io.kubernetes.container.name': 'POD',
    'io.kubernetes.cri-o.ContainerType': 'sandbox',
  };
  expect(parseOciConfig(config(annotations, []))).toMatchObject({ role: 'sandbox', containerName: null });
});

test('wrong types and names of prototypes give nothing', () => {
  const text = `{"annotations":{"__proto__":{"io.kubernetes.cri.container-type":"sandbox"},
    "io.kubernetes.cri.sandbox-name":["web"],"io.kubernetes.cri.container-type":"pause"},
    "linux":{"namespaces":[null,7,"net",[],{"type":"__proto__","path":"/x"},{"type":"constructor"},
    {"type":["pid"]},{"type":"uts","path":7}]}}`;
  expect(parseOciConfig(text)).toEqual({
    role: null,
    sandboxId: null,
    meta: null,
    containerName: null,
    namespaces: { uts: '' },
    manager: null,
  });
});

test.each(['', '{', 'null', '[]', '{}', '{"linux":{}}', '{"linux":{"namespaces":{}}}', '{"linux":[]}'])(
  '%j is no configuration',
  (text) => {
    expect(() => parseOciConfig(text)).toThrow(SyntaxError);
  },
);
