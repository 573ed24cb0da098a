import { SANDBOX_READY } from '../cri/enums.ts';
import type { PodSandbox } from '../cri/gen/cri_pb.js';
import type { Sandbox } from '../model/facts.ts';
import { complete } from '../model/outcome.ts';
import { CLAIMS } from './claims.ts';
import type { Collector } from './collector.ts';
import { fromRuntime, milliseconds, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';
import { ownListed, withOwn } from './with-own.ts';

/** Every sandbox that the runtime lists, in its order; then podctl's own. */
export const sandboxesCollector: Collector<'sandboxes'> = {
  fact: 'sandboxes',
  summary: "pod sandboxes that the runtime lists, and podctl's own",
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime', 'ownSandboxes'],
  after: CLAIMS,
  async collect(context) {
    const listed = await fromRuntime(context, async (session) => {
      const { items } = await session.call('ListPodSandbox', (clients, options) =>
        clients.runtime.listPodSandbox({}, options),
      );
      return complete(items.map(sandboxOf));
    });
    return withOwn(listed, context.known('ownSandboxes'), ownListed);
  },
};

function sandboxOf(item: PodSandbox): Sandbox {
  return {
    id: item.id,
    name: item.metadata?.name ?? '',
    namespace: item.metadata?.namespace ?? '',
    uid: item.metadata?.uid ?? '',
    attempt: item.metadata?.attempt ?? 0,
    state: item.state === SANDBOX_READY ? 'ready' : 'notready',
    createdAt: milliseconds(item.createdAt),
    runtimeHandler: item.runtimeHandler,
  };
}
