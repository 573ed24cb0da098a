import path from 'node:path';
import { CONTAINER_EXITED } from '../../cri/enums.ts';
import { podLogName } from '../../model/pod-config.ts';
import { type LogLine, openLogIfThere } from '../logs.ts';
import { step } from '../steps.ts';
import { type CriShop, change } from './change.ts';
import type { ListedContainer, Pod } from './pods.ts';

const POLL_MS = 100;
/** A runtime may tell of an end before it has written the last lines. */
const LAST_LINES_MS = 200;

export interface Follower {
  write(line: LogLine): void;
  /** Asks the container to end. */
  signal: AbortSignal;
  graceMs: number;
}

/** How a container ended. */
export interface PodContainerEnd {
  exitCode: number;
  /** Of the runtime, e.g. OOMKilled. */
  reason: string;
}

/** Tells what a container writes until it has ended. Throws RpcError. */
export async function followToEnd(
  shop: CriShop,
  pod: Pod,
  container: ListedContainer,
  { write, signal, graceMs }: Follower,
): Promise<PodContainerEnd> {
  let asked = false;
  const log: { open: ReturnType<typeof openLogIfThere> } = { open: null };
  const tell = (file: string) => {
    log.open ??= openLogIfThere(file);
    for (const line of log.open?.more() ?? []) write(line);
  };
  try {
    for (;;) {
      const status = await statusOf(shop, container);
      tell(status.logPath);
      if (status.ended) {
        await sleep(LAST_LINES_MS);
        tell(status.logPath);
        return status.end;
      }
      if (signal.aborted && !asked) {
        asked = true;
        await change(shop, 'stop', `sandbox ${pod.name}`, [
          step(
            { kind: 'stop-containers', endpoint: shop.session.endpoint, containers: [container.id], graceMs },
            'its caller wants it',
          ),
        ]);
      } else await sleep(POLL_MS);
    }
  } finally {
    log.open?.close();
  }
}

/** Takes away a container that has ended and was given no name to be found by. */
export function forgetInPod(shop: CriShop, pod: Pod, container: ListedContainer): Promise<string | null> {
  const log = path.join(shop.logs, pod.id, podLogName(container));
  return change(shop, 'run', `sandbox ${pod.name}`, [
    step(
      { kind: 'remove-container', endpoint: shop.session.endpoint, container: container.id, log },
      'it has ended, and nobody named it',
    ),
  ]);
}

async function statusOf({ session }: CriShop, { id }: ListedContainer) {
  const { status } = await session.call('ContainerStatus', (c, options) =>
    c.runtime.containerStatus({ containerId: id }, options),
  );
  return {
    logPath: status?.logPath ?? '',
    ended: status?.state === CONTAINER_EXITED,
    end: { exitCode: status?.exitCode ?? 0, reason: status?.reason ?? '' },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
