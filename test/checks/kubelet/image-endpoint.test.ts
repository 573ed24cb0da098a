import { expect, test } from 'vitest';
import check from '../../../checks/kubelet/image-endpoint.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { healthyNode, judge } from '../../support/node.ts';

function image(endpoint: string | null, programs: Facts['nodeImage']['programs'] = []): Facts {
  const facts = healthyNode();
  facts.nodeImage.programs = programs;
  facts.kubeletConfig.endpoint = endpoint === null ? null : { value: endpoint, at: '/etc/kubelet.yaml:3' };
  return facts;
}

test.each<[string, Facts]>([
  ['nobody names one', image(null)],
  ['it is that of the runtime', image('/run/containerd/containerd.sock')],
  ['it is, by its other name', image('/var/run/containerd/containerd.sock')],
  ['it is of cri-dockerd', image('/var/run/cri-dockerd.sock')],
  [
    'it is of another runtime that is there',
    image('/run/crio/crio.sock', [{ name: 'crio', path: '/usr/bin/crio', version: null }]),
  ],
])('passes where %s', async (_, facts) => {
  expect(await judge(check, facts)).toMatchObject({ verdict: 'pass', findings: [] });
});

test.each(['/run/crio/crio.sock', '/run/containerd/other.sock'])('finds %s', async (endpoint) => {
  expect((await judge(check, image(endpoint))).findings).toMatchObject([
    {
      messageId: 'elsewhere',
      message: `kubelet looks for its runtime at ${endpoint} (/etc/kubelet.yaml:3), but containerd listens at /run/containerd/containerd.sock`,
    },
  ]);
});
