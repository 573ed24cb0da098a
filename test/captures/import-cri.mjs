// CRI's answers of a captured node, in the JSON form of its messages, and containerd's store behind them.
import fs from 'node:fs';
import path from 'node:path';

/** Everything that the runtime of the set said. `specs` (OCI specifications by id) does not reach the file. */
export function cri(set) {
  const json = (file) => JSON.parse(fs.readFileSync(path.join(set, 'cri', file), 'utf8'));
  const all = (kind) => fs.readdirSync(path.join(set, 'cri', kind)).map((file) => json(`${kind}/${file}`));
  const pods = all('inspectp');
  const apps = all('inspect');
  const version = versionOf(fs.readFileSync(path.join(set, 'cri/version.txt'), 'utf8'));
  const info = json('info.json');
  const answers = {
    version,
    runtimeConfig: driverOf(set),
    status: statusOf(info),
    sandboxes: { items: json('pods.json').items.map(({ annotations, ...rest }) => rest) },
    containers: { containers: json('ps-a.json').containers.map(({ annotations, ...rest }) => rest) },
    images: { images: json('images.json').images },
    sandboxStatus: Object.fromEntries(pods.map((pod) => [pod.status.id, sandboxStatus(pod)])),
    store: version.runtimeName === 'containerd' ? storeOf(pods, apps, version.runtimeVersion) : null,
  };
  const specs = Object.fromEntries([...pods, ...apps].map((o) => [o.status.id, o.info.runtimeSpec]));
  return Object.defineProperty(answers, 'specs', { value: specs, enumerable: false });
}

function versionOf(text) {
  const field = (name) => new RegExp(`^${name}: *(.*)$`, 'm').exec(text)?.[1] ?? '';
  return {
    version: field('Version'),
    runtimeName: field('RuntimeName'),
    runtimeVersion: field('RuntimeVersion'),
    runtimeApiVersion: field('RuntimeApiVersion'),
  };
}

/** Null: the runtime had no such call. */
function driverOf(set) {
  const file = path.join(set, 'cri/runtime-config.txt');
  if (!fs.existsSync(file)) return null;
  return /SYSTEMD/.test(fs.readFileSync(file, 'utf8')) ? 'SYSTEMD' : 'CGROUPFS';
}

/** The verbose part holds JSON texts, but bare words for the state of the network. */
function statusOf({ status, features, runtimeHandlers, ...info }) {
  const texts = Object.entries(info).map(([key, value]) => [
    key,
    key.startsWith('lastCNILoadStatus') ? value : JSON.stringify(value),
  ]);
  return { status, info: Object.fromEntries(texts) };
}

function sandboxStatus({ status, info }) {
  const { pid, processStatus, netNamespaceClosed, image, snapshotKey, runtimeType, runtimeSpec } = info;
  const spec = { annotations: {}, linux: { namespaces: runtimeSpec?.linux?.namespaces } };
  const kept = { pid, processStatus, netNamespaceClosed, image, snapshotKey, runtimeType, runtimeSpec: spec };
  const { annotations, createdAt, ...rest } = status;
  return { status: { ...rest, createdAt: nanoseconds(createdAt) }, info: { info: JSON.stringify(kept) } };
}

function nanoseconds(rfc3339) {
  const [, seconds, fraction = ''] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(rfc3339);
  return String(BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}

function storeOf(pods, apps, runtimeVersion) {
  const names = new Map(pods.map((pod) => [pod.status.id, podName(pod.status.metadata)]));
  return {
    records: [...pods.map(sandboxRecord), ...apps.map((app) => appRecord(app, names))],
    tasks: [...pods, ...apps].filter((o) => o.info.pid > 0).map((o) => ({ id: o.status.id, pid: o.info.pid })),
    // 1.6 has no such service; 1.7 has it and does not use it for CRI.
    sandboxes: /^1\.6\./.test(runtimeVersion) ? null : /^1\./.test(runtimeVersion) ? [] : pods.map((p) => p.status.id),
  };
}

function podName({ name, namespace, uid, attempt }) {
  return `${name}_${namespace}_${uid}_${attempt}`;
}

function sandboxRecord({ status, info }) {
  const shown = info.sandboxMetadata?.Metadata;
  const netns = info.runtimeSpec?.linux?.namespaces?.find((n) => n.type === 'network')?.path ?? '';
  const Metadata = {
    ID: status.id,
    Name: shown?.Name ?? podName(status.metadata),
    Config: { metadata: info.config.metadata, linux: info.config.linux },
    NetNSPath: shown?.NetNSPath ?? netns,
  };
  return {
    id: status.id,
    kind: 'sandbox',
    image: info.image,
    createdAt: nanoseconds(status.createdAt),
    metadata: { Version: 'v1', Metadata },
  };
}

function appRecord({ status, info }, names) {
  const { name, attempt } = status.metadata;
  const Metadata = {
    ID: status.id,
    Name: `${name}_${names.get(info.sandboxID)?.replace(/_\d+$/, '')}_${attempt}`,
    SandboxID: info.sandboxID,
    ImageRef: status.imageRef,
  };
  return {
    id: status.id,
    kind: 'container',
    image: status.image.image,
    createdAt: nanoseconds(status.createdAt),
    metadata: { Version: 'v1', Metadata },
  };
}
