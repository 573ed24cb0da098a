import type {
  AbstractSocket,
  Bundle,
  CniCall,
  Daemon,
  Facts,
  MemoryKill,
  Pin,
  Process,
  Reaper,
  SandboxMeta,
  ShimArgs,
  SocketOwner,
} from './facts.ts';
import { NS_TYPES } from './namespace.ts';
import { amount, dictionary, flag, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeText, maybeWhole, metaFields, nsId, nsIds, texts } from './shapes-common.ts';

/** Facts that the kernel and the disk tell. */
export const kernelShapes: {
  [N in
    | 'host'
    | 'daemons'
    | 'pins'
    | 'processes'
    | 'bundles'
    | 'sockets'
    | 'kubelet'
    | 'reapers'
    | 'abstractSockets'
    | 'memoryKills']: Shape<Facts[N]>;
} = {
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
  pins: record<Facts['pins']>(
    {
      pins: list(
        record<Pin>(
          {
            path: text,
            type: oneOf('net', 'ipc', 'uts', 'user', 'pid'),
            ns: nsId,
            mounts: whole,
            stacked: whole,
            hidden: whole,
            scheme: oneOf('containerd', 'crio', 'podman', 'podctl', 'foreign'),
            confirmed: flag,
          },
          'stacked',
          'hidden',
        ),
      ),
      folders: list(record<{ path: string; mtime: number }>({ path: text, mtime: amount })),
      covers: list(record<{ path: string; self: boolean }>({ path: text, self: flag })),
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
    },
    'covers',
  ),
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
      meta: nullable(record<SandboxMeta>(metaFields)),
      containerName: maybeText,
      initPid: maybeWhole,
      namespaces: nullable(dictionary(text, NS_TYPES)),
    }),
  ),
  reapers: list(
    record<Reaper>({
      pid: whole,
      startTicks: whole,
      onChild: oneOf('caught', 'blocked', 'ignored', 'default'),
      sleepsIn: text,
    }),
  ),
  memoryKills: list(
    record<MemoryKill>({ containerId: text, pid: whole, comm: text, limitOf: text, at: amount }),
  ),
  abstractSockets: list(record<AbstractSocket>({ name: text, pid: maybeWhole })),
  sockets: list(record<SocketOwner>({ path: text, pid: whole })),
  kubelet: record<Facts['kubelet']>({ pid: whole, version: maybeText, startedAt: amount, flags: texts }),
};
