import { storeRecords } from '../cri/store-records.ts';
import { complete } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { fromContainerd, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';

/** containerd's own records of CRI's app containers: large, so they are asked for only when somebody wants them. */
export const storeContainersCollector: Collector<'storeContainers'> = {
  fact: 'storeContainers',
  summary: "containerd's own records of app containers",
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime'],
  after: ['sandboxes', 'containers', 'store'],
  collect: (context) =>
    fromContainerd(context, async (session) => {
      const { records, problems } = await storeRecords(session, 'container');
      return complete(records, problems);
    }),
};
