import { abstractSockets } from '../../../src/collect/abstract-sockets.ts';
import { handedOverState } from '../../../src/collect/cni-agents.ts';
import { certificateExpiry, credentialOf, tokenExpiry } from '../../../src/collect/credential-expiry.ts';
import { machineOf } from '../../../src/collect/elf.ts';
import { dockerNames, podmanNames } from '../../../src/collect/foreign-images.ts';
import { imageInfo } from '../../../src/collect/image-info.ts';
import { logEvents } from '../../../src/collect/log-lines.ts';
import { pluginNeeds } from '../../../src/collect/plugin-needs.ts';
import { parseOnChild } from '../../../src/collect/reapers.ts';
import { oneOf } from '../../../src/model/shape.ts';
import { maybeWhole } from '../../../src/model/shapes-common.ts';
import { authority } from '../../support/certificate.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold } from '../must.ts';
import { planted } from '../planted.ts';
import { captured } from '../samples.ts';

const node = planted();
const KUBECONFIG = '/etc/cni/net.d/calico-kubeconfig';
const TOKEN = ['{"alg":"RS256"}', '{"iss":"api","exp":1795380690,"sub":"system:node"}', 'x']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');
const CONTEXT = 'contexts: [{name: c, context: {cluster: k, user: u}}]\ncurrent-context: c\n';
const PEM = authority('a plugin').cert;

/** Errors of JSON.parse, and what the readers of image lists say themselves. */
const isAnswer = (error: unknown) =>
  error instanceof SyntaxError || /^(it has no Repositories|it is no list)$/.test((error as Error).message);

export const AGENTS: readonly Parser[] = [
  {
    files: ['collect/credential-expiry.ts'],
    name: "a plugin's kubeconfig",
    kind: 'text',
    samples: [
      `${CONTEXT}users:\n- name: u\n  user: {token: ${TOKEN}}\n`,
      `${CONTEXT}users:\n- name: u\n  user: {client-certificate-data: ${Buffer.from(PEM).toString('base64')}}\n`,
      `${CONTEXT}users:\n- name: u\n  user: {tokenFile: ./token, client-certificate: a.pem}\n`,
    ],
    async parse(_, bytes) {
      node().put(KUBECONFIG, bytes);
      const told = await credentialOf(node().host, KUBECONFIG);
      must(oneOf('read', 'missing', 'malformed'), told.state);
      mustHold(told.expiresAt === null || Number.isFinite(told.expiresAt), `end ${told.expiresAt}`);
    },
  },
  {
    files: ['collect/credential-expiry.ts'],
    name: 'a token, and a certificate',
    kind: 'text',
    samples: [TOKEN, PEM],
    parse(text) {
      for (const end of [tokenExpiry(text), certificateExpiry(text)])
        mustHold(end === null || Number.isFinite(end), `end ${end}`);
    },
  },
  {
    files: ['collect/cni-agents.ts'],
    name: 'what a delegating plugin wrote down',
    kind: 'json',
    samples: ['{"cniVersion":"0.3.1","name":"cbr0","type":"bridge","ipam":{"type":"host-local"}}'],
    parse: (text) => must(oneOf('empty', 'whole', 'malformed', 'foreign'), handedOverState(text)),
  },
  {
    files: ['collect/plugin-needs.ts'],
    name: 'what a plugin hands over',
    kind: 'json',
    samples: [
      '{"type":"multus","delegates":[{"type":"calico","plugins":[{"type":"portmap"}]}],"kubeconfig":"/a"}',
      '{"type":"flannel","delegate":{"type":"bridge","ipam":{"type":"host-local"}},"dataDir":"/run/f"}',
    ],
    parse(text) {
      const value: unknown = JSON.parse(text);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
      const { delegates = [], files = {} } = pluginNeeds(value as Record<string, unknown>);
      for (const word of [...delegates, ...Object.values(files)])
        mustHold(typeof word === 'string', `word ${JSON.stringify(word)}`);
    },
    refuses: isAnswer,
  },
  {
    files: ['collect/elf.ts'],
    name: 'the beginning of a program',
    kind: 'bytes',
    samples: [
      Buffer.from('7f454c4602010100000000000000000002003e00', 'hex'),
      Buffer.from('#!/bin/sh\nexit 0\n'),
    ],
    parse: (_, bytes) => mustHold(typeof machineOf(bytes) === 'string', 'a word'),
  },
  {
    files: ['collect/foreign-images.ts', 'collect/image-store.ts'],
    name: "names in Docker's image store",
    kind: 'json',
    samples: [
      '{"Repositories":{"pause":{"registry.k8s.io/pause:3.9":"sha256:e6f1816883972d4be47bd48879a08919b96afcd3"}}}',
    ],
    parse(text) {
      for (const { name, digest } of dockerNames(text))
        mustHold(typeof name === 'string' && typeof digest === 'string', 'two words');
    },
    refuses: isAnswer,
  },
  {
    files: ['collect/foreign-images.ts', 'collect/image-store.ts'],
    name: "names in podman's image store",
    kind: 'json',
    samples: [
      '[{"id":"e6","digest":"sha256:70","names":["registry.k8s.io/pause:3.9"],"layer":"4a","big-data-names":["x"]}]',
    ],
    parse(text) {
      for (const { name, digest } of podmanNames(text))
        mustHold(typeof name === 'string' && typeof digest === 'string', 'two words');
    },
    refuses: isAnswer,
  },
  {
    files: ['collect/image-info.ts'],
    name: 'what a runtime says of an image',
    kind: 'json',
    samples: [
      '{"chainID":"sha256:1","imageSpec":{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/pause"],"Cmd":[]}}}',
    ],
    parse(text) {
      const { architecture, entrypoint } = imageInfo(text);
      mustHold(typeof architecture === 'string' && typeof entrypoint === 'string', 'two words');
    },
  },
  {
    files: ['collect/log-lines.ts'],
    name: "a runtime's log",
    kind: 'text',
    samples: [
      'time="2026-11-24T10:00:00Z" level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:a,} failed, error" error="failed to get sandbox image \\"registry.k8s.io/pause:3.9\\": failed to pull image: 401 Unauthorized"\n',
      '{"level":"info","msg":"waiting for response from boltdb open","plugin":"bolt","time":"2026-11-24T10:00:00Z"}\n',
    ],
    parse(text) {
      for (const { kind, fields, count, last } of logEvents(text)) {
        mustHold(count > 0, `${count} of ${kind}`);
        mustHold(last === null || Number.isFinite(last), `time ${last}`);
        for (const word of Object.values(fields)) mustHold(typeof word === 'string', 'a word');
      }
    },
  },
  {
    files: ['collect/reapers.ts'],
    name: '/proc/PID/status: dispositions of signals',
    kind: 'text',
    samples: [
      ...captured(/^\/proc\/\d+\/status$/, 4),
      'NSpid:\t412\t1\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000014002\n',
    ],
    parse(text) {
      const onChild = parseOnChild(text);
      if (onChild !== null) must(oneOf('caught', 'ignored', 'blocked', 'default'), onChild);
    },
  },
  {
    files: ['collect/abstract-sockets.ts'],
    name: '/proc/net/unix: names of old shims',
    kind: 'text',
    samples: [
      'Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 00000000 00010000 0001 01 22 @/containerd-shim/ab.sock@\n',
    ],
    parse(text) {
      for (const { name, pid } of abstractSockets(node().host, text, [])) {
        mustHold(name.startsWith('@/containerd-shim/'), name);
        must(maybeWhole, pid);
      }
    },
  },
];
