import type {
  Bundle,
  CniCall,
  ConfigFile,
  ConfigValue,
  Container,
  Daemon,
  EndpointCandidate,
  FactName,
  Facts,
  IgnoredKey,
  Image,
  Pin,
  Process,
  Sandbox,
  SandboxMeta,
  ShimArgs,
  StoreRecord,
} from './facts.ts';
import { NS_TYPES, type NsId, type NsMode, type NsType } from './namespace.ts';
import {
  amount,
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

const nsId = nullable(matching<NsId>('a namespace as device:inode', /^\d{1,15}:\d{1,15}$/));
const nsIds = record<Record<NsType, NsId | null>>({
  cgroup: nsId,
  ipc: nsId,
  mnt: nsId,
  net: nsId,
  pid: nsId,
  time: nsId,
  user: nsId,
  uts: nsId,
});
const mode = oneOf<NsMode>('pod', 'container', 'node', 'target');
const meta = { name: text, namespace: text, uid: text, attempt: whole };
const maybeText = nullable(text);
const maybeWhole = nullable(whole);
const texts = dictionary(text);

const candidate = record<EndpointCandidate>({
  path: text,
  source: oneOf('flag', 'environment', 'crictl.yaml', 'well-known', 'daemon'),
  state: oneOf('socket', 'missing', 'not-a-socket', 'denied'),
});

const configValue = nullable(
  record<ConfigValue>({ value: text, file: maybeText, line: maybeWhole, origin: oneOf('file', 'default') }),
);

/** What every fact must look like when it comes from a file. */
export const factShapes: { [N in FactName]: Shape<Facts[N]> } = {
  host: record<Facts['host']>({
    hostname: text,
    kernel: text,
    arch: text,
    bootId: maybeText,
    bootTime: amount,
    uptime: amount,
    now: amount,
    ticksPerSecond: amount,
    cgroup: oneOf('v1', 'hybrid', 'v2', 'none'),
    self: nsIds,
    init: nsIds,
  }),
  daemons: list(
    record<Daemon>({
      kind: oneOf('containerd', 'crio', 'cri-dockerd', 'kubelet', 'dockerd'),
      pid: whole,
      startTicks: whole,
      state: text,
      exe: text,
      mnt: nsId,
      flags: texts,
    }),
  ),
  endpoints: record<Facts['endpoints']>({
    chosen: nullable(candidate),
    candidates: list(candidate),
    traces: list(record<{ path: string; what: string }>({ path: text, what: text })),
  }),
  runtimeConfig: record<Facts['runtimeConfig']>({
    runtime: oneOf('containerd', 'crio'),
    files: list(
      record<ConfigFile>({
        path: text,
        version: whole,
        mtime: amount,
        sha256: text,
        error: nullable(
          record<NonNullable<ConfigFile['error']>>({ message: text, line: maybeWhole, column: maybeWhole }),
        ),
      }),
    ),
    sandboxImage: configValue,
    statedSandboxImage: configValue,
    ignored: list(
      record<IgnoredKey>({
        file: text,
        line: maybeWhole,
        key: text,
        value: text,
        reason: oneOf('wrong-version', 'overridden', 'table-replaced', 'not-migrated'),
        by: maybeText,
        insteadKey: maybeText,
      }),
    ),
    rootDir: text,
    stateDir: text,
    address: text,
    netnsDir: text,
    dropsInfra: flag,
    daemonStartedAt: nullable(amount),
  }),
  pins: record<Facts['pins']>({
    pins: list(
      record<Pin>({
        path: text,
        type: oneOf('net', 'ipc', 'uts', 'user', 'pid'),
        ns: nsId,
        mounts: whole,
        scheme: oneOf('containerd', 'crio', 'podman', 'foreign'),
        confirmed: flag,
      }),
    ),
    folders: list(record<{ path: string; mtime: number }>({ path: text, mtime: amount })),
    seenBy: record<Facts['pins']['seenBy']>({ pid: whole, what: oneOf('runtime', 'init', 'self') }),
    attachments: list(
      record<Facts['pins']['attachments'][number]>({
        path: text,
        containerId: text,
        network: text,
        netns: text,
        mtime: amount,
      }),
    ),
  }),
  runtime: record<Facts['runtime']>({
    endpoint: text,
    name: text,
    version: text,
    apiVersion: text,
    conditions: list(
      record<Facts['runtime']['conditions'][number]>({
        type: text,
        status: flag,
        reason: text,
        message: text,
      }),
    ),
    sandboxImage: maybeText,
    rootDir: maybeText,
    stateDir: maybeText,
    cgroupDriver: nullable(oneOf('systemd', 'cgroupfs')),
    cniLoadErrors: list(text),
  }),
  sandboxes: list(
    record<Sandbox>({
      ...meta,
      id: text,
      state: oneOf('ready', 'notready'),
      createdAt: amount,
      runtimeHandler: text,
    }),
  ),
  containers: list(
    record<Container>({
      id: text,
      sandboxId: text,
      name: text,
      attempt: whole,
      state: oneOf('created', 'running', 'exited', 'unknown'),
      createdAt: amount,
      image: text,
      imageRef: text,
    }),
  ),
  images: list(
    record<Image>({ id: text, tags: list(text), digests: list(text), size: amount, pinned: flag }),
  ),
  store: record<Facts['store']>({
    records: list(
      record<StoreRecord>({
        id: text,
        kind: oneOf('sandbox', 'container'),
        name: maybeText,
        netnsPath: maybeText,
        sandboxId: maybeText,
        modes: nullable(record<NonNullable<StoreRecord['modes']>>({ net: mode, pid: mode, ipc: mode })),
        image: text,
        imageId: maybeText,
        createdAt: amount,
      }),
    ),
    tasks: list(
      record<Facts['store']['tasks'][number]>({
        id: text,
        pid: whole,
        status: oneOf('created', 'running', 'stopped', 'paused', 'unknown'),
      }),
    ),
    sandboxes: nullable(list(text)),
  }),
  processes: list(
    record<Process>({
      pid: whole,
      ppid: whole,
      startTicks: whole,
      state: text,
      comm: text,
      cgroup: text,
      containerId: maybeText,
      podUid: maybeText,
      ns: nsIds,
      shim: nullable(record<ShimArgs>({ namespace: text, id: text, address: text })),
      cni: nullable(record<CniCall>({ command: text, containerId: text, netns: text })),
    }),
  ),
  bundles: list(
    record<Bundle>({
      id: text,
      namespace: text,
      dir: text,
      role: nullable(oneOf('sandbox', 'container')),
      sandboxId: maybeText,
      meta: nullable(record<SandboxMeta>(meta)),
      containerName: maybeText,
      initPid: maybeWhole,
      namespaces: nullable(dictionary(text, NS_TYPES)),
    }),
  ),
  kubelet: record<Facts['kubelet']>({ pid: whole, version: maybeText, startedAt: amount, flags: texts }),
};

/** Every fact there is. */
export const FACT_NAMES = Object.keys(factShapes) as FactName[];
