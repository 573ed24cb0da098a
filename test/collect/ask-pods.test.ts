import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { askKubelet, askServer } from '../../src/collect/ask-pods.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { authority, issued } from '../support/certificate.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { say, serveWeb } from '../support/web.ts';

const never = new AbortController().signal;
const UID = '0a88f39f-6dd0-4b7a-9b8c-829a1969cb5b';
const HASH = 'f534b6f05bc49bf2086cb1399fe886dd';
const LIST = {
  kind: 'PodList',
  items: [
    {
      metadata: { name: 'web', namespace: 'default', uid: UID },
      spec: { containers: [{ env: [{ name: 'PASSWORD', value: 'hush' }] }] },
      status: { phase: 'Running' },
    },
    {
      metadata: {
        name: 'etcd-worker-1',
        namespace: 'kube-system',
        uid: '1eb7e265-a3fe-4612-91c8-fac75afebe65',
        annotations: { 'kubernetes.io/config.mirror': HASH, 'kubernetes.io/config.hash': HASH },
      },
    },
  ],
};
const PODS = [
  { uid: UID, namespace: 'default', name: 'web', phase: 'Running', staticUid: '' },
  {
    uid: '1eb7e265-a3fe-4612-91c8-fac75afebe65',
    namespace: 'kube-system',
    name: 'etcd-worker-1',
    phase: 'Unknown',
    staticUid: HASH,
  },
];

test("kubelet's read-only port", async () => {
  const { port, asked } = await serveWeb(say(LIST));
  const source = `http://127.0.0.1:${port}/pods`;
  expect(await askKubelet({ readOnlyPort: port, address: '' }, never)).toEqual({
    pods: PODS,
    source,
    why: '',
  });
  expect(asked.map(({ url }) => url)).toEqual(['/pods']);
});

test.each([
  ['nothing', ''],
  ['a page', '<html>'],
  ['another kind', { ...LIST, kind: 'List' }],
  ['a pod without uid', { ...LIST, items: [...LIST.items, { metadata: { name: 'x', namespace: 'y' } }] }],
  ['no list of items', { kind: 'PodList', items: 'x' }],
])('%s is no list of pods, and none of it is believed', async (_, body) => {
  const { port } = await serveWeb(say(body));
  const asked = await askKubelet({ readOnlyPort: port, address: '127.0.0.1' }, never);
  expect(asked).toEqual({
    pods: null,
    source: '',
    why: `http://127.0.0.1:${port}/pods: the answer is no list of pods`,
  });
});

test('a list without pods is a list', async () => {
  const { port } = await serveWeb(say({ kind: 'PodList', items: null }));
  expect((await askKubelet({ readOnlyPort: port, address: '' }, never)).pods).toEqual([]);
});

/** A cluster with one node, worker-1: its API server wants a client certificate of its own authority. */
async function cluster(answer = say(LIST)) {
  const ca = authority('podctl-test-ca');
  const server = issued(ca, { commonName: 'kube-apiserver' }, true);
  const client = issued(ca, { commonName: 'system:node:worker-1', organization: 'system:nodes' });
  const tls = { ...server, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
  const { port, asked } = await serveWeb(answer, tls);
  return { ca, client, server: `https://127.0.0.1:${port}`, asked };
}

interface Parts {
  cluster: Record<string, unknown>;
  user: Record<string, unknown>;
}

const FILE = '/etc/kubernetes/kubelet.conf';

/** Lays out a kubeconfig as JSON, which is YAML too. */
function kubeconfig({ cluster: at, user }: Parts, more: Record<string, string> = {}): string {
  const root = temporaryFolder();
  const config = {
    'current-context': 'node',
    contexts: [{ name: 'node', context: { cluster: 'c', user: 'u' } }],
    clusters: [
      { name: 'other', cluster: { server: 'https://127.0.0.1:1' } },
      { name: 'c', cluster: at },
    ],
    users: [{ name: 'u', user }],
  };
  plant(root, { [FILE]: JSON.stringify(config), ...more });
  return root;
}

const ask = (root: string, nodeName = '') =>
  askServer(createReadHost(root), { kubeconfigs: [FILE], nodeName }, 'Host-1', never);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Files of the tests belong to whoever runs them; only root's are used. */
const isRoot = process.getuid?.() === 0;
const rootsAlone = `${FILE} is not root's alone`;

test("the API server with kubelet's own certificate, which also tells the name of the node", async () => {
  const { ca, client, server, asked } = await cluster();
  const root = kubeconfig(
    {
      cluster: { server, 'certificate-authority-data': base64(ca.cert) },
      user: {
        'client-certificate': '/var/lib/kubelet/pki/kubelet-client-current.pem',
        'client-key': '../../var/lib/kubelet/pki/kubelet-client-current.pem',
      },
    },
    { '/var/lib/kubelet/pki/kubelet-client-2026.pem': client.cert + client.key },
  );
  fs.symlinkSync(
    'kubelet-client-2026.pem',
    path.join(root, 'var/lib/kubelet/pki/kubelet-client-current.pem'),
  );
  const got = await ask(root);
  expect(got).toEqual(
    isRoot ? { pods: PODS, source: server, why: '' } : { pods: null, source: '', why: rootsAlone },
  );
  const query = isRoot ? ['/api/v1/pods?fieldSelector=spec.nodeName%3Dworker-1'] : [];
  expect(asked.map(({ url }) => url)).toEqual(query);
});

test('a token, a server below a path, and a name from a flag', async () => {
  const ca = authority('podctl-test-ca');
  const { port, asked } = await serveWeb(say(LIST), issued(ca, { commonName: 'x' }, true));
  const root = kubeconfig(
    {
      cluster: { server: `https://user:hush@127.0.0.1:${port}/k8s/c1`, 'certificate-authority': 'ca.crt' },
      user: { tokenFile: '/run/token' },
    },
    { '/etc/kubernetes/ca.crt': ca.cert, '/run/token': 'hush-token\n' },
  );
  const got = await ask(root, 'flagged');
  expect(JSON.stringify(got)).not.toContain('hush');
  expect(got.pods).toEqual(isRoot ? PODS : null);
  expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual(
    isRoot ? [['/k8s/c1/api/v1/pods?fieldSelector=spec.nodeName%3Dflagged', 'Bearer hush-token']] : [],
  );
});

test('a list that is empty for a guessed name proves nothing', async () => {
  const ca = authority('podctl-test-ca');
  const { port, asked } = await serveWeb(
    say({ kind: 'PodList', items: [] }),
    issued(ca, { commonName: 'x' }, true),
  );
  const at = { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': base64(ca.cert) };
  const root = kubeconfig({ cluster: at, user: { token: 'hush' } });
  const got = await ask(root);
  expect(got.pods).toBeNull();
  expect(got.why).toContain(isRoot ? 'knows no pod of Host-1' : rootsAlone);
  expect(asked[0]?.url).toBe(isRoot ? '/api/v1/pods?fieldSelector=spec.nodeName%3Dhost-1' : undefined);
  expect((await ask(root, 'worker-1')).pods).toEqual(isRoot ? [] : null);
});

test('a server that cannot prove who it is gets no token and is not believed', async () => {
  const { client, server, asked } = await cluster();
  const stranger = authority('somebody-else');
  const user = {
    'client-certificate-data': base64(client.cert),
    'client-key-data': base64(client.key),
    token: 'hush',
  };
  const root = kubeconfig({ cluster: { server, 'certificate-authority-data': base64(stranger.cert) }, user });
  const got = await ask(root);
  expect(got.pods).toBeNull();
  expect(got.why).toMatch(isRoot ? /certificate|signature/ : rootsAlone);
  expect(got.why).not.toContain('hush');
  expect(asked).toEqual([]);
});

test.each([
  ['no server', { cluster: {}, user: { token: 'hush' } }, 'names no server'],
  [
    'an unverified server',
    { cluster: { server: 'https://127.0.0.1:1', 'insecure-skip-tls-verify': true }, user: { token: 'hush' } },
    'says not to verify',
  ],
  [
    'plain http',
    { cluster: { server: 'http://127.0.0.1:1' }, user: { token: 'hush' } },
    'not reached by https',
  ],
  ['no address', { cluster: { server: 'not a url' }, user: { token: 'hush' } }, 'is no kubeconfig'],
  [
    'an exec plugin',
    { cluster: { server: 'https://127.0.0.1:1' }, user: { exec: {} } },
    'no client certificate',
  ],
  [
    'a certificate that is gone',
    {
      cluster: { server: 'https://127.0.0.1:1' },
      user: { 'client-certificate': '/gone', 'client-key': '/gone' },
    },
    '(ENOENT)',
  ],
  [
    'a certificate that is none',
    {
      cluster: { server: 'https://127.0.0.1:1' },
      user: { 'client-certificate-data': 'aHVzaA==', 'client-key-data': 'aHVzaA==' },
    },
    'https://127.0.0.1:1: ',
  ],
] as [string, Parts, string][])('%s: nobody is asked, and why is said', async (_, parts, why) => {
  const got = await ask(kubeconfig(parts));
  expect(got).toMatchObject({ pods: null, source: '' });
  expect(got.why).toContain(isRoot ? why : rootsAlone);
  expect(got.why).not.toContain('hush');
});

test('a kubeconfig that others may write, that is no YAML, or that is not there', async () => {
  const root = kubeconfig({ cluster: { server: 'https://127.0.0.1:1' }, user: { token: 'hush' } });
  fs.chmodSync(path.join(root, FILE), 0o666);
  expect((await ask(root)).why).toBe(rootsAlone);
  const broken = temporaryFolder();
  plant(broken, { [FILE]: '{ token: hush' });
  expect((await ask(broken)).why).toBe(isRoot ? `${FILE} is no kubeconfig` : rootsAlone);
  expect((await ask(temporaryFolder())).why).toBe(`no kubeconfig of kubelet is there (${FILE})`);
});
