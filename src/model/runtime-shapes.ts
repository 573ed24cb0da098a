import type {
  CniFolders,
  ConfigFile,
  ConfigValue,
  Container,
  EndpointCandidate,
  Facts,
  IgnoredKey,
  Image,
  Sandbox,
  StoreHalf,
  StoreRecord,
  Task,
} from './facts.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeText, maybeWhole, metaFields, mode } from './shapes-common.ts';

const candidate = record<EndpointCandidate>({
  path: text,
  source: oneOf('flag', 'environment', 'crictl.yaml', 'well-known', 'daemon'),
  state: oneOf('socket', 'missing', 'not-a-socket', 'denied'),
});

const configValue = nullable(
  record<ConfigValue>({ value: text, file: maybeText, line: maybeWhole, origin: oneOf('file', 'default') }),
);

const storeRecord = record<StoreRecord>(
  {
    id: text,
    kind: oneOf('sandbox', 'container'),
    name: maybeText,
    netnsPath: maybeText,
    sandboxId: maybeText,
    modes: nullable(record<NonNullable<StoreRecord['modes']>>({ net: mode, pid: mode, ipc: mode })),
    image: text,
    imageId: maybeText,
    createdAt: amount,
    address: text,
  },
  'address',
);

const storeHalf = record<StoreHalf>({ id: text, name: maybeText, netnsPath: maybeText, createdAt: amount });

const cniFolders = record<CniFolders>(
  { confDir: text, binDirs: list(text), defaultNetwork: text, internalLoopback: flag },
  'defaultNetwork',
  'internalLoopback',
);

type RuntimeFactName =
  | 'endpoints'
  | 'runtimeConfig'
  | 'runtime'
  | 'sandboxes'
  | 'containers'
  | 'images'
  | 'store'
  | 'storeContainers'
  | 'tasks';

/** Facts about the runtime, its configuration and its records. */
export const runtimeShapes: { [N in RuntimeFactName]: Shape<Facts[N]> } = {
  endpoints: record<Facts['endpoints']>({
    chosen: nullable(candidate),
    candidates: list(candidate),
    traces: list(record<{ path: string; what: string }>({ path: text, what: text })),
  }),
  runtimeConfig: record<Facts['runtimeConfig']>(
    {
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
      defaultSandboxImage: maybeText,
      cni: cniFolders,
      cgroupDriver: nullable(
        record<NonNullable<Facts['runtimeConfig']['cgroupDriver']>>({
          value: oneOf('systemd', 'cgroupfs'),
          at: text,
        }),
      ),
      runcs: list(text),
      criDisabled: configValue,
      marks: record<NonNullable<Facts['runtimeConfig']['marks']>>({ version: text, cleanShutdown: text }),
      dropsInfra: flag,
      daemonStartedAt: nullable(amount),
    },
    'cni',
    'cgroupDriver',
    'runcs',
    'criDisabled',
    'marks',
  ),
  runtime: record<Facts['runtime']>(
    {
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
      cni: cniFolders,
      cniNetworks: list(record<{ name: string; cniVersion: string }>({ name: text, cniVersion: text })),
      internalLoopback: flag,
    },
    'cni',
    'cniNetworks',
    'internalLoopback',
  ),
  sandboxes: list(
    record<Sandbox>(
      {
        ...metaFields,
        id: text,
        state: oneOf('ready', 'notready'),
        createdAt: amount,
        runtimeHandler: text,
        provider: oneOf('podctl'),
      },
      'provider',
    ),
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
  store: record<Facts['store']>(
    { records: list(storeRecord), sandboxes: nullable(list(text)), halves: list(storeHalf) },
    'halves',
  ),
  storeContainers: list(storeRecord),
  tasks: list(
    record<Task>({
      id: text,
      pid: whole,
      status: oneOf('created', 'running', 'stopped', 'paused', 'unknown'),
    }),
  ),
};
