import { eventSourceOf, listenForEvents } from '../../cri/events.ts';
import type { RuntimeFact } from '../../model/facts.ts';

/** Hears of changes from the runtime, as long as it tells. */
export interface Listening {
  /** After every look: the runtime that answered, undefined when none did. Begins to listen where that is possible. */
  heed(runtime: RuntimeFact | undefined): void;
  end(): void;
}

/** Who had nothing to tell, or hung up at once, is asked again after so long. */
const AGAIN_MS = 600_000;

interface Open {
  key: string;
  stop: AbortController;
  /** Whether it held until the next look, or told something. */
  proven: boolean;
}

/** `locate`: where a path of the node is. `onChange` is called for each event, and when the runtime hangs up. */
export function createListening(locate: (path: string) => string, onChange: () => void): Listening {
  let open: Open | null = null;
  let futile = { key: '', until: 0 };

  async function listen({ endpoint, ...who }: RuntimeFact, key: string): Promise<void> {
    const source = eventSourceOf(who);
    if (source === null) return;
    const mine: Open = { key, stop: new AbortController(), proven: false };
    const heard = () => {
      mine.proven = true;
      onChange();
    };
    open = mine;
    const how = await listenForEvents(locate(endpoint), source, heard, mine.stop.signal);
    if (open !== mine) return;
    open = null;
    if (how === 'refused' || !mine.proven) futile = { key, until: performance.now() + AGAIN_MS };
    else onChange();
  }

  function end(): void {
    const last = open;
    open = null;
    last?.stop.abort();
  }

  return {
    heed(runtime) {
      if (runtime === undefined) {
        futile = { key: '', until: 0 };
        return;
      }
      const key = `${runtime.endpoint} ${runtime.name} ${runtime.version}`;
      if (open?.key === key) {
        open.proven = true;
        return;
      }
      end();
      if (futile.key !== key || performance.now() > futile.until) void listen(runtime, key);
    },
    end,
  };
}
