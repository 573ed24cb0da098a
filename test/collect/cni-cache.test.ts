import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseCniCache, readCniCache } from '../../src/collect/cni-cache.ts';
import { parseCniEnviron } from '../../src/host/cni-environ.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Problem } from '../../src/model/outcome.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const ID = '0b918a6f4844615a6998cc23fb76180f9f624bdb4dc70578d8721d1d7bb6e316';
const NETNS = '/var/run/netns/cni-ed6430f2-e6df-0051-99d6-f5452438d0ca';
const RECORDED = `{"kind":"cniCacheV1","containerId":"${ID}","config":"eyJjbmlWZXJzaW9uIjoiMS4wLjAiLCJuYW1lIjoicG9kbmV0In0=","ifName":"eth0","networkName":"podnet","netns":"${NETNS}","cniArgs":[["K8S_POD_NAME","sharedpid"]],"capabilityArgs":{"cgroupPath":"/kubepods/x"},"result":{"cniVersion":"1.0.0","interfaces":[{"mac":"da:6e:36:89:3a:1d","name":"cni0"},{"mac":"a6:29:f4:90:dd:08","name":"eth0","sandbox":"${NETNS}"}],"ips":[{"address":"10.122.0.3/16","gateway":"10.122.0.1","interface":2}]}}`;
const ATTACHMENT = { containerId: ID, network: 'podnet', netns: NETNS };

test('a recorded attachment, without configuration and arguments', () => {
  expect(parseCniCache(RECORDED)).toEqual(ATTACHMENT);
});

test('without a path of its own the interface in the pod names it', () => {
  expect(parseCniCache(RECORDED.replace(`"netns":"${NETNS}",`, ''))).toEqual(ATTACHMENT);
});

test.each([
  '{}',
  '[]',
  'null',
  '7',
  '"cniCacheV1"',
  RECORDED.replace('cniCacheV1', 'cniCacheV9'),
  '{"kind":"cniCacheV1","containerId":"x","netns":"relative"}',
  '{"kind":"cniCacheV1","containerId":{"__proto__":1},"netns":"/run/netns/x"}',
  '{"kind":"cniCacheV1","containerId":"x","result":{"interfaces":[null,7,{"sandbox":7},{"sandbox":""}]}}',
  `{"kind":"cniCacheV1","containerId":"x","netns":"/${'x'.repeat(5000)}"}`,
])('%s names no namespace', (text) => {
  expect(parseCniCache(text)).toBeNull();
});

function read(root: string) {
  const problems: Problem[] = [];
  return { ...readCniCache(createReadHost(root), problems), problems };
}

test('an empty node', () => {
  expect(read(temporaryFolder())).toEqual({ attachments: [], whole: true, problems: [] });
});

test('both folders; loopback is not looked at; garbage is left out with a problem', () => {
  const root = temporaryFolder();
  plant(root, {
    [`/var/lib/cni/results/podnet-${ID}-eth0`]: RECORDED,
    [`/var/lib/cni/cache/results/other-${ID}-eth0`]: RECORDED.replace('podnet', 'other'),
    [`/var/lib/cni/results/cni-loopback-${ID}-lo`]: 'garbage',
    '/var/lib/cni/results/a-truncated': RECORDED.slice(0, 100),
    '/var/lib/cni/results/b-empty': '',
    '/var/lib/cni/results/c-large': ' '.repeat(256 * 1024 + 1),
    '/secret': RECORDED,
  });
  fs.symlinkSync('/secret', path.join(root, 'var/lib/cni/results/d-link'));
  const { attachments, whole, problems } = read(root);
  expect(whole).toBe(true);
  expect(attachments.map((a) => [a.network, a.containerId])).toEqual([
    ['podnet', ID],
    ['other', ID],
  ]);
  const file = path.join(root, attachments[0]?.path ?? '');
  expect(attachments[0]?.mtime).toBe(fs.statSync(file).mtimeMs);
  expect(problems.map((p) => [p.code, p.subject])).toEqual([
    ['malformed', '/var/lib/cni/results/a-truncated'],
    ['malformed', '/var/lib/cni/results/b-empty'],
    ['truncated', '/var/lib/cni/results/c-large'],
    ['malformed', '/var/lib/cni/results/d-link'],
  ]);
});

test('more files than anybody has are not all read, and that is said', () => {
  const root = temporaryFolder();
  plant(root, { '/var/lib/cni/results/n-0': '{}' });
  for (let i = 1; i <= 10_000; i += 1)
    fs.linkSync(path.join(root, 'var/lib/cni/results/n-0'), path.join(root, `var/lib/cni/results/n-${i}`));
  const { whole, problems } = read(root);
  expect(whole).toBe(false);
  expect(problems.map((p) => p.code)).toEqual(['truncated']);
});

test('a call from an environment: three names, and only as whole names', () => {
  const environ =
    'X_CNI_COMMAND=NO\0CNI_ARGS=K8S_POD_NAME=web\0CNI_COMMAND=ADD\0CNI_NETNS=/a=b\nc\0CNI_CONTAINERID=x';
  expect(parseCniEnviron(environ)).toEqual({ command: 'ADD', containerId: 'x', netns: '/a=b\nc' });
  expect(parseCniEnviron('CNI_COMMAND=VERSION\0')).toEqual({
    command: 'VERSION',
    containerId: '',
    netns: '',
  });
  expect(parseCniEnviron('CNI_COMMAND=\0CNI_CONTAINERID=x\0')).toBeNull();
  expect(parseCniEnviron('')).toBeNull();
});
