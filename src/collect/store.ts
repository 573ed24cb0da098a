import type { Sandbox as Stored } from '../cri/gen/sandboxes_pb.js';
import { type CriSession, RpcError } from '../cri/session.ts';
import { storeHalf } from '../cri/store-half.ts';
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
      const [{ records, problems }, listed] = await Promise.all([
        storeRecords(session, 'sandbox'),
        sandboxList(session),
      ]);
      const recorded = new Set(records.map((r) => r.id));
      return complete(
        {
          records,
          sandboxes: listed?.map((s) => s.sandboxId) ?? null,
          halves: listed?.filter((s) => !recorded.has(s.sandboxId)).map(storeHalf) ?? [],
        },
        problems,
      );
    }),
};

/** Null where the service does not exist: before containerd 1.7. */
async function sandboxList(session: CriSession): Promise<Stored[] | null> {
  try {
    const { list } = await session.call('sandbox Store/List', (clients, options) =>
      clients.sandboxes.list({}, options),
    );
    return list;
  } catch (error) {
    if (error instanceof RpcError && error.failure.unimplemented) return null;
    throw error;
  }
}
