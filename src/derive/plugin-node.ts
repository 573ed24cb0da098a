import type { HostFact, NodeImageFact, RuntimeConfigFact, RuntimeFact } from '../model/facts.ts';
import { completeValue, type Outcome } from '../model/outcome.ts';
import type { Gap } from './gap.ts';

/** Who runs CNI plugins, and on which machine. */
export interface PluginNode {
  /** Name of the runtime. */
  runtime: string;
  /** Machine that the plugins must be for; '' where it is not known. */
  arch: string;
}

interface Seen {
  runtime: Outcome<RuntimeFact>;
  host: Outcome<HostFact>;
  runtimeConfig: Outcome<RuntimeConfigFact>;
  nodeImage: Outcome<NodeImageFact>;
}

/** Of the runtime that answers, else of the one that a node image is made with; else why that is not known. */
export function pluginNode({ runtime, host, runtimeConfig, nodeImage }: Seen): PluginNode | Gap {
  const config = completeValue(runtimeConfig);
  const image = completeValue(nodeImage);
  if (runtime.status === 'absent' && image && config) return { runtime: config.runtime, arch: image.arch };
  for (const fact of [runtime, host]) {
    if (fact.status === 'absent') return { problems: [], skipped: fact.reason };
    if (fact.status === 'failed') return { problems: [fact.problem] };
    if (fact.status === 'partial') return { problems: fact.problems };
  }
  const [answers, machine] = [completeValue(runtime), completeValue(host)];
  return { runtime: answers?.name ?? '', arch: machine?.arch ?? '' };
}
