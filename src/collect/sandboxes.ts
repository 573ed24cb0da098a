import { type PodSandbox, PodSandboxState } from '../cri/gen/cri_pb.js';
import type { Sandbox } from '../model/facts.ts';
import { complete } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { fromRuntime, milliseconds, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';

/** Every sandbox that the runtime lists, in its order. */
export const sandboxesCollector: Collector<'sandboxes'> = {
  fact: 'sandboxes',
  summary: 'pod sandboxes that the runtime lists',
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime'],
  after: ['pins'],
  collect: (context) =>
    fromRuntime(context, async (session) => {
      const { items } = await session.call('ListPodSandbox', (clients, options) =>
        clients.runtime.listPodSandbox({}, options),
      );
      return complete(items.map(sandboxOf));
    }),
};

function sandboxOf(item: PodSandbox): Sandbox {
  return {
    id: item.id,
    name: item.metadata?.name ?? '',
    namespace: item.metadata?.namespace ?? '',
    uid: item.metadata?.uid ?? '',
    attempt: item.metadata?.attempt ?? 0,
    state: item.state === PodSandboxState.SANDBOX_READY ? 'ready' : 'notready',
    createdAt: milliseconds(item.createdAt),
    runtimeHandler: item.runtimeHandler,
  };
}
