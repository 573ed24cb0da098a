import { type CriSession, RpcError } from '../cri/session.ts';
import { storeRecords } from '../cri/store-records.ts';
import { complete } from '../model/outcome.ts';
import { CLAIMS } from './claims.ts';
import type { Collector } from './collector.ts';
import { fromContainerd, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';

/** containerd's own records of CRI's sandboxes, through its API: the second witness beside CRI's list. */
export const storeCollector: Collector<'store'> = {
  fact: 'store',
  summary: "containerd's own records of sandboxes",
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime'],
  after: [...CLAIMS, 'sandboxes', 'containers'],
  collect: (context) =>
    fromContainerd(context, async (session) => {
      const [{ records, problems }, sandboxes] = await Promise.all([
        storeRecords(session, 'sandbox'),
        sandboxIds(session),
      ]);
      return complete({ records, sandboxes }, problems);
    }),
};

/** Null where the service does not exist: before containerd 1.7. */
async function sandboxIds(session: CriSession): Promise<string[] | null> {
  try {
    const { list } = await session.call('sandbox Store/List', (clients, options) =>
      clients.sandboxes.list({}, options),
    );
    return list.map((s) => s.sandboxId);
  } catch (error) {
    if (error instanceof RpcError && error.failure.unimplemented) return null;
    throw error;
  }
}
