import { describe, expect, it } from 'vitest';
import check from '../../../checks/config/sandbox-image-drift.ts';
import type { Facts, IgnoredKey } from '../../../src/model/facts.ts';
import { healthyNode, judge, NOW, PAUSE } from '../../support/node.ts';

const MAIN = '/etc/containerd/config.toml';
const DROP_IN = '/etc/containerd/conf.d/gpu.toml';

function withStated(value: string, reason: IgnoredKey['reason']): Facts {
  const node = healthyNode();
  const key = 'plugins."io.containerd.grpc.v1.cri".sandbox_image';
  node.runtimeConfig.statedSandboxImage = { value, file: MAIN, line: 5, origin: 'file' };
  node.runtimeConfig.ignored = [{ file: MAIN, line: 5, key, value, reason, by: DROP_IN, insteadKey: null }];
  return node;
}

describe('config/sandbox-image-drift', () => {
  it('passes when files, runtime and sandboxes agree', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each(['table-replaced', 'not-migrated'] as const)(
    'names a drop-in that silently undoes the key (%s)',
    async (reason) => {
      const node = withStated('example.com/pause:1', reason);
      expect((await judge(check, node)).findings).toMatchObject([
        {
          messageId: 'undone',
          severity: 'warning',
          message: `${MAIN} says example.com/pause:1, but ${DROP_IN} undoes it without saying so: containerd uses ${PAUSE} for sandboxes`,
          subject: { kind: 'file', id: MAIN },
          evidence: [{ at: `${MAIN}:5` }, { at: `${DROP_IN} (${reason})`, value: PAUSE }],
        },
      ]);
    },
  );

  it('names a drop-in that says otherwise, with its line', async () => {
    const node = withStated('example.com/pause:1', 'overridden');
    node.runtimeConfig.sandboxImage = { value: PAUSE, file: DROP_IN, line: 2, origin: 'file' };
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'overridden', message: expect.stringContaining(`${DROP_IN}:2 says otherwise and wins`) },
    ]);
  });

  it('does not report a drop-in that undoes a key which said the same, nor one that replaces a generated default', async () => {
    expect(await judge(check, withStated(PAUSE, 'table-replaced'))).toMatchObject({ verdict: 'pass' });
    const node = withStated('registry.k8s.io/pause:3.10', 'overridden');
    node.runtimeConfig.defaultSandboxImage = 'registry.k8s.io/pause:3.10';
    node.runtimeConfig.sandboxImage = {
      value: 'example.com/pause:1',
      file: DROP_IN,
      line: 2,
      origin: 'file',
    };
    node.images.push({ id: 'sha256:1', tags: ['example.com/pause:1'], digests: [], size: 1, pinned: true });
    node.runtimeConfig.daemonStartedAt = NOW;
    node.kubelet.version = null;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('says as information that a restart will change the image', async () => {
    const node = healthyNode();
    node.runtime.sandboxImage = PAUSE;
    for (const file of node.runtimeConfig.files) file.mtime = NOW;
    node.runtimeConfig.sandboxImage = { value: 'example.com/pause:2', file: MAIN, line: 5, origin: 'file' };
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'afterRestart',
        severity: 'info',
        message: `containerd uses ${PAUSE} for sandboxes; after its next restart it will use example.com/pause:2`,
      },
    ]);
  });

  it('names the youngest sandbox made of another image, comparing ids and not names', async () => {
    const node = healthyNode();
    const record = node.store.records[0];
    if (record) record.image = 'registry.k8s.io/pause:3.9';
    const sandbox = node.sandboxes[0];
    if (sandbox) sandbox.createdAt = NOW - 1000;
    const pause = node.images[0];
    pause?.tags.push('registry.k8s.io/pause:3.9');
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    if (pause) pause.tags = [PAUSE];
    node.images.push({
      id: 'sha256:39',
      tags: ['registry.k8s.io/pause:3.9'],
      digests: [],
      size: 1,
      pinned: false,
    });
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'otherInUse',
        severity: 'warning',
        message: `default/web was made from registry.k8s.io/pause:3.9, which is not the configured sandbox image ${PAUSE}`,
      },
    ]);
  });

  it('does not report sandboxes older than the start of the runtime', async () => {
    const node = healthyNode();
    node.images.push({
      id: 'sha256:39',
      tags: ['registry.k8s.io/pause:3.9'],
      digests: [],
      size: 1,
      pinned: false,
    });
    for (const record of node.store.records) record.image = 'registry.k8s.io/pause:3.9';
    for (const sandbox of node.sandboxes) sandbox.createdAt = NOW - 5 * 86_400_000;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it("says as information that kubeadm of this kubelet's version wants another pause", async () => {
    const node = healthyNode();
    node.kubelet.version = '1.34.1';
    expect((await judge(check, node)).findings).toMatchObject([
      {
        messageId: 'kubeadmWants',
        severity: 'info',
        message: `kubeadm of Kubernetes 1.34.1 wants pause 3.10.1; containerd uses ${PAUSE}`,
      },
    ]);
    node.images = [];
    expect((await judge(check, node)).findings).toMatchObject([{ severity: 'warning' }]);
  });

  it('says whether the pause that kubeadm wants is here', async () => {
    const node = healthyNode();
    node.kubelet.version = '1.34.1';
    const evidence = async () => (await judge(check, node)).findings[0]?.evidence.at(-1)?.value;
    expect(await evidence()).toBe('no pause 3.10.1 is here');
    const tags = ['registry.k8s.io/pause:3.10.1'];
    node.images.push({ id: 'sha256:1', tags, digests: [], size: 1, pinned: false });
    expect(await evidence()).toBe('registry.k8s.io/pause:3.10.1 is here');
  });

  it('takes what kubeadm wants from the fact, which a file may have made younger', async () => {
    const node = healthyNode();
    node.kubelet.version = '1.99.0';
    node.pauseVersions.kubeadm['1.99'] = '3.20';
    expect((await judge(check, node)).findings).toMatchObject([{ data: { wanted: '3.20' } }]);
  });

  it.each([
    `registry.k8s.io/pause@sha256:${'a'.repeat(64)}`,
    'registry.example/infra:1.0',
    'registry.example/pause:3.1-eksbuild.1',
    'registry.example/pause:latest',
  ])('says nothing about kubeadm beside %s, whose version is not in its tag', async (reference) => {
    const node = healthyNode();
    node.kubelet.version = '1.34.1';
    node.runtimeConfig.sandboxImage = { value: reference, file: MAIN, line: 5, origin: 'file' };
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('says nothing about kubeadm where kubeadm did not set kubelet up', async () => {
    const node = healthyNode();
    node.kubelet.version = '1.34.1';
    node.kubeletConfig.isKubeadms = false;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it('does not report a sandbox whose image lost its name to another image since', async () => {
    const node = healthyNode();
    const [record, sandbox, pause] = [node.store.records[0], node.sandboxes[0], node.images[0]];
    if (!record || !sandbox || !pause) throw new Error('a pod was to be there');
    sandbox.createdAt = NOW - 1000;
    Object.assign(record, { image: PAUSE, imageId: pause.id });
    node.images = [
      { ...pause, tags: [] },
      { id: 'sha256:1', tags: [PAUSE], digests: [], size: 1, pinned: true },
    ];
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });

  it.each(['1.99.0', '1.17.3', 'garbage'])(
    'says nothing about kubeadm of version %s, which is not known',
    async (version) => {
      const node = healthyNode();
      node.kubelet.version = version;
      expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
    },
  );

  it('says nothing about an empty sandboxImage in the status of containerd 2.x', async () => {
    const node = healthyNode();
    node.runtime.sandboxImage = null;
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass' });
  });
});
