import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { podOwnersCollector } from '../../src/collect/pod-owners.ts';
import type { Daemon, Process } from '../../src/model/facts.ts';
import { complete, partial } from '../../src/model/outcome.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { bareProcess } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';
import { say, serveWeb } from '../support/web.ts';

const UID = '0a88f39f-6dd0-4b7a-9b8c-829a1969cb5b';
const STATIC = 'f534b6f05bc49bf2086cb1399fe886dd';

async function look(root: string, daemons: Daemon[] = [], processes: Process[] = []) {
  const table: Collector<'processes'> = {
    fact: 'processes',
    summary: 'given',
    timeoutMs: 1000,
    collect: () => complete(processes),
  };
  const { podOwners } = await lookAt(
    root,
    [running(...daemons), table, podOwnersCollector],
    ['podOwners', 'processes'],
  );
  if (!podOwners || !('value' in podOwners)) throw new Error(JSON.stringify(podOwners));
  return podOwners;
}

test('a node without a kubelet', async () => {
  const { status, value } = await look(temporaryFolder(), [daemon('containerd')]);
  expect([status, value]).toEqual([
    'complete',
    {
      kubelet: 'none',
      folders: [],
      manifests: [],
      pods: null,
      source: '',
      why: 'no kubelet is on this node',
    },
  ]);
});

test.each([
  ['/etc/kubernetes/kubelet.conf', 'installed'],
  ['/var/lib/kubelet/pods/x', 'installed'],
  ['/usr/bin/kubelet', 'installed'],
  ['/var/lib/rancher/k3s/agent/x', 'installed'],
  ['/etc/hosts', 'none'],
])('%s: kubelet is %s', async (file, kubelet) => {
  const root = temporaryFolder();
  plant(root, { [file]: '' });
  expect((await look(root)).value.kubelet).toBe(kubelet);
});

test('it runs as itself, or inside k3s; a process of that name in a pod is none', async () => {
  const root = temporaryFolder();
  const k3s = bareProcess(7, 'k3s-server');
  expect((await look(root, [daemon('kubelet')])).value.kubelet).toBe('runs');
  expect((await look(root, [], [k3s])).value.kubelet).toBe('runs');
  expect((await look(root, [], [{ ...k3s, podUid: UID }])).value.kubelet).toBe('none');
});

test('where it is not known which daemons run, nothing is said of its pods', async () => {
  const half: Collector<'daemons'> = { ...running(), collect: () => partial([], []) };
  const { podOwners } = await lookAt(temporaryFolder(), [half, podOwnersCollector], ['podOwners']);
  expect(podOwners).toMatchObject({ status: 'failed', problem: { code: 'unavailable' } });
});

test('folders of pods by uid; other names, files and links are none', async () => {
  const root = temporaryFolder();
  const folder = '/srv/kubelet/pods';
  plant(root, {
    [`${folder}/${UID}/etc-hosts`]: '',
    [`${folder}/${STATIC}/etc-hosts`]: '',
    [`${folder}/not-a-uid/x`]: '',
    [`${folder}/1eb7e265-a3fe-4612-91c8-fac75afebe65`]: '',
    [`/var/lib/kubelet/pods/${UID.replace('0', '1')}/x`]: '',
  });
  fs.symlinkSync('/etc', path.join(root, folder, UID.replace('0', '2')));
  const { value } = await look(root, [daemon('kubelet', { 'root-dir': '/srv/kubelet' })]);
  expect(value.folders).toEqual(
    [UID, STATIC].map((uid) => ({
      path: `${folder}/${uid}`,
      uid,
      mtime: fs.statSync(path.join(root, folder, uid)).mtimeMs,
    })),
  );
});

test('a kubelet that runs and has no folder where it should: members are missing', async () => {
  const { status, value, problems } = await look(temporaryFolder(), [daemon('kubelet')]);
  expect([status, value.folders, problems?.[0]?.subject]).toEqual(['partial', null, '/var/lib/kubelet/pods']);
});

const pod = (name: string, namespace?: string) =>
  JSON.stringify({ kind: 'Pod', metadata: { name, namespace }, spec: { containers: [{ env: 'hush' }] } });

test('static manifests as kubelet reads them; what is no pod is named, and not quoted', async () => {
  const root = temporaryFolder();
  const folder = '/etc/kubernetes/manifests';
  plant(root, {
    '/var/lib/kubelet/pods/x': '',
    [`${folder}/a.json`]: pod('a', 'kube-system'),
    [`${folder}/b.yaml`]: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n---\n# more\n',
    [`${folder}/c-no-suffix`]: 'metadata: {name: c}',
    [`${folder}/.hidden.yaml`]: pod('hidden'),
    [`${folder}/folder/d.yaml`]: pod('below'),
    [`${folder}/e.yaml`]: 'kind: Pod\n  hush: [',
    [`${folder}/f.yaml`]: 'kind: Deployment\nmetadata: {name: f}',
    [`${folder}/g.yaml`]: '',
    [`${folder}/h.yaml`]: '\u0000\u0001hush',
    [`${folder}/i.yaml`]: `a: &a [x]\n${'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nhush: 1\n'}d: &d [*a,*a]\ne: [${'*d,'.repeat(200)}*d]`,
    [`${folder}/j.yaml`]: 'x'.repeat(1024 * 1024 + 1),
  });
  fs.symlinkSync('a.json', path.join(root, folder, 'k-link.yaml'));
  fs.symlinkSync('/nowhere', path.join(root, folder, 'l-dangling.yaml'));
  const { status, value, problems } = await look(root, [daemon('kubelet')]);
  expect(status).toBe('complete');
  expect(value.manifests.map((m) => [path.basename(m.path), m.namespace, m.name])).toEqual([
    ['a.json', 'kube-system', 'a'],
    ['b.yaml', 'default', 'b'],
    ['c-no-suffix', 'default', 'c'],
    ['k-link.yaml', 'kube-system', 'a'],
  ]);
  const named = problems?.map(({ subject }) => path.basename(subject ?? ''));
  expect(named).toEqual(['e.yaml', 'f.yaml', 'h.yaml', 'i.yaml', 'j.yaml']);
  expect(JSON.stringify({ value, problems })).not.toContain('hush');
});

test('where its configuration puts manifests: the file, a folder of further files, a flag; also a single file', async () => {
  const root = temporaryFolder();
  plant(root, {
    '/var/lib/kubelet/pods/x': '',
    '/var/lib/kubelet/config.yaml': 'staticPodPath: /m/one\nreadOnlyPort: 0\n',
    '/conf.d/10-a.conf': '{"staticPodPath": "/m/two/"}',
    '/conf.d/20-b.conf': 'kind: KubeletConfiguration\n',
    '/conf.d/30-ignored.yaml': 'staticPodPath: /m/three\n',
    '/m/one/x.yaml': pod('one'),
    '/m/two/x.yaml': pod('two'),
    '/m/three.yaml': pod('three'),
    '/etc/kubernetes/manifests/x.yaml': pod('default'),
  });
  const names = async (flags: Daemon['flags']) =>
    (await look(root, [daemon('kubelet', flags)])).value.manifests.map(({ name }) => name);
  expect(await names({})).toEqual(['one']);
  expect(await names({ 'config-dir': '/conf.d' })).toEqual(['two']);
  expect(await names({ 'pod-manifest-path': '/m/three.yaml' })).toEqual(['three']);
  expect(await names({ config: '/gone.yaml' })).toEqual(['default']);
});

test('why nobody was asked: both reasons', async () => {
  const root = temporaryFolder();
  plant(root, { '/var/lib/kubelet/pods/x': '' });
  const why = async (flags: Daemon['flags']) => (await look(root, [daemon('kubelet', flags)])).value.why;
  const nobody = 'no kubeconfig of kubelet is there (/etc/kubernetes/kubelet.conf)';
  expect(await why({})).toBe(`kubelet's read-only port is not open; ${nobody}`);
  expect(await why({ 'read-only-port': '10255', kubeconfig: '/gone' })).toBe(
    `kubelet of the node below ${root} is not asked from here; no kubeconfig of kubelet is there (/gone)`,
  );
  plant(root, { '/var/lib/kubelet/config.yaml': 'readOnlyPort: 10255' });
  expect((await look(root)).value.why).toBe(`kubelet does not run; ${nobody}`);
});

test('on the node itself kubelet is asked at its read-only port, while it runs', async () => {
  const { port, asked } = await serveWeb(
    say({ kind: 'PodList', items: [{ metadata: { name: 'web', namespace: 'default', uid: UID } }] }),
  );
  const folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, 'pods'));
  const flags = { 'read-only-port': String(port), 'root-dir': folder, kubeconfig: '/gone' };
  const { value } = await look('', [daemon('kubelet', flags)]);
  expect(value).toMatchObject({
    kubelet: 'runs',
    folders: [],
    source: `http://127.0.0.1:${port}/pods`,
    why: '',
  });
  expect(value.pods?.map(({ uid, phase }) => [uid, phase])).toEqual([[UID, 'Unknown']]);
  expect(asked).toHaveLength(1);
});
