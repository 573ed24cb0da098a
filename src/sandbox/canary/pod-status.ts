import type { CriSession } from '../../cri/session.ts';
import { createReadHost } from '../../host/read-host.ts';
import { dig, digText } from '../../model/json-path.ts';
import type { NsId } from '../../model/namespace.ts';

/** What a runtime tells of a sandbox that it made. */
export interface PodSeen {
  /** Of the pause; 0 where there is none. */
  pid: number;
  /** Where its network namespace is pinned; '' for the node's. */
  pin: string;
  addresses: string[];
}

/** Throws RpcError. */
export async function podSeen(session: CriSession, podSandboxId: string): Promise<PodSeen> {
  const { status, info } = await session.call('PodSandboxStatus', (c, o) =>
    c.runtime.podSandboxStatus({ podSandboxId, verbose: true }, o),
  );
  const first = status?.network?.ip ?? '';
  const others = status?.network?.additionalIps.map(({ ip }) => ip) ?? [];
  return { ...verboseOf(info.info), addresses: [first, ...others].filter((ip) => ip !== '') };
}

/** Pid of a container's first process. Throws RpcError, and an Error when the runtime does not tell. */
export async function containerPid(session: CriSession, containerId: string): Promise<number> {
  const { info } = await session.call('ContainerStatus', (c, o) =>
    c.runtime.containerStatus({ containerId, verbose: true }, o),
  );
  const { pid } = verboseOf(info.info);
  if (pid > 0) return pid;
  throw new Error('the runtime does not tell which process it started');
}

const SHARED = ['net', 'ipc', 'uts'] as const;

/** Throws an Error unless two processes are in the same network, IPC and UTS namespaces; gives the first's network. */
export function mustShare(one: { name: string; pid: number }, two: { name: string; pid: number }): NsId {
  const host = createReadHost();
  const at = (pid: number, type: string) => host.nsId(`/proc/${pid}/ns/${type}`);
  for (const type of SHARED)
    if (at(one.pid, type) !== at(two.pid, type))
      throw new Error(`${two.name} is not in the ${type} namespace of ${one.name}`);
  return at(one.pid, 'net');
}

/** What a verbose answer tells of a first process and its pin: 0 and '' where it does not. */
export function verboseOf(text: string | undefined): Pick<PodSeen, 'pid' | 'pin'> {
  const told = parsed(text);
  const pid = dig(told, 'pid');
  const namespaces = dig(told, 'runtimeSpec', 'linux', 'namespaces');
  const net = Array.isArray(namespaces) ? namespaces.find((ns) => dig(ns, 'type') === 'network') : undefined;
  return {
    pid: typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : 0,
    pin: digText(net, 'path') ?? '',
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
