import { CONTAINER_CREATED, CONTAINER_EXITED, CONTAINER_RUNNING } from '../cri/enums.ts';
import type { Container as Listed } from '../cri/gen/cri_pb.js';
import type { Container } from '../model/facts.ts';
import { complete } from '../model/outcome.ts';
import { CLAIMS } from './claims.ts';
import type { Collector } from './collector.ts';
import { fromRuntime, milliseconds, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';
import { ownContainers, withOwn } from './with-own.ts';

const STATES: Record<number, Container['state']> = {
  [CONTAINER_CREATED]: 'created',
  [CONTAINER_RUNNING]: 'running',
  [CONTAINER_EXITED]: 'exited',
};

/** Every container that the runtime lists; read after the sandboxes, which are made before and go after. */
export const containersCollector: Collector<'containers'> = {
  fact: 'containers',
  summary: "containers that the runtime lists, and podctl's own",
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime', 'ownSandboxes'],
  after: [...CLAIMS, 'sandboxes'],
  async collect(context) {
    const listed = await fromRuntime(context, async (session) => {
      const { containers } = await session.call('ListContainers', (clients, options) =>
        clients.runtime.listContainers({}, options),
      );
      return complete(containers.map(containerOf));
    });
    return withOwn(listed, context.known('ownSandboxes'), ownContainers);
  },
};

function containerOf(listed: Listed): Container {
  return {
    id: listed.id,
    sandboxId: listed.podSandboxId,
    name: listed.metadata?.name ?? '',
    attempt: listed.metadata?.attempt ?? 0,
    state: STATES[listed.state] ?? 'unknown',
    createdAt: milliseconds(listed.createdAt),
    image: listed.image?.image ?? '',
    imageRef: listed.imageRef,
  };
}
