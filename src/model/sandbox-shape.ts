import type { NsId } from './namespace.ts';
import type { ProcessIdentity } from './plan.ts';
import type {
  Attachment,
  ContainerExit,
  ContainerRecord,
  NetworkSpec,
  PinnedNamespace,
  PortMapping,
  SandboxRecord,
  SandboxSpec,
} from './sandbox.ts';
import {
  amount,
  anything,
  dictionary,
  flag,
  list,
  matching,
  nullable,
  oneOf,
  record,
  type Shape,
  text,
  whole,
} from './shape.ts';
import { nsId } from './shapes-common.ts';

const texts = list(text);
const dictionaryOfTexts = dictionary(text);
const identity = nullable(record<ProcessIdentity>({ pid: whole, startTicks: whole }));
const pinned = record<PinnedNamespace>({ path: text, ns: nsId as Shape<NsId | null> });

const noNetwork = record<Extract<NetworkSpec, { kind: 'none' }>>({ kind: oneOf('none') });
const network: Shape<NetworkSpec> = {
  fault(value, path) {
    const kind = record<Pick<NetworkSpec, 'kind'>>({ kind: oneOf('none', 'cni') }).fault(value, path);
    if (kind !== null) return kind;
    return (value as NetworkSpec).kind === 'none' ? null : cniNetwork.fault(value, path);
  },
  schema: () => ({ anyOf: [noNetwork.schema(), cniNetwork.schema()] }),
};
const cniNetwork = record<Extract<NetworkSpec, { kind: 'cni' }>>({
  kind: oneOf('cni'),
  name: text,
  file: text,
  conflist: text,
  binDirs: texts,
});

const spec = record<SandboxSpec>({
  hostname: text,
  pod: record<SandboxSpec['pod']>({ namespace: text, uid: text, attempt: whole }),
  network,
  sharePid: flag,
  sysctls: dictionaryOfTexts,
  dns: record<SandboxSpec['dns']>({ servers: texts, searches: texts, options: texts }),
  ports: list(
    record<PortMapping>({
      hostPort: whole,
      containerPort: whole,
      protocol: oneOf('tcp', 'udp', 'sctp'),
      hostIp: text,
    }),
  ),
  labels: dictionaryOfTexts,
  annotations: dictionaryOfTexts,
});

const attachment = record<Attachment>({
  network: text,
  ifName: text,
  state: oneOf('begun', 'attached'),
  addresses: texts,
  interfaces: list(record<Attachment['interfaces'][number]>({ name: text, mac: text, inside: flag })),
  routes: list(record<Attachment['routes'][number]>({ dst: text, gw: nullable(text) })),
  result: nullable(dictionary(anything)),
});

/** As podctl-ns writes it, too. */
export const containerExitShape = record<ContainerExit>({ exitCode: whole, signal: whole, finishedAt: text });
const container = record<ContainerRecord>({
  name: text,
  command: texts,
  cwd: text,
  env: texts,
  rootfs: text,
  bundle: text,
  runtime: text,
  process: identity,
  parent: identity,
  log: text,
  exitFile: text,
  startedAt: amount,
  exit: nullable(containerExitShape),
});

/** 64 hex digits: also what makes an id safe as a part of a path. */
export const SANDBOX_ID = /^[0-9a-f]{64}$/;

/** What a record file must look like. Fields of later versions are let through. */
export const sandboxRecordShape = record<SandboxRecord>({
  schema: oneOf('podctl.sandbox/v1'),
  id: matching('64 hex digits', SANDBOX_ID),
  name: text,
  revision: whole,
  phase: oneOf('creating', 'ready', 'stopped', 'removing'),
  createdAt: amount,
  bootId: text,
  privileged: flag,
  spec,
  net: pinned,
  ipc: pinned,
  uts: pinned,
  pause: identity,
  attachment: nullable(attachment),
  containers: list(container),
});
