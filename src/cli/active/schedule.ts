import { monotonicMs } from '../../host/process.ts';
import { type Stoppable, within } from '../signals.ts';

/** How long a run may work, and how long it may then take to take away what it made. */
export interface Schedule {
  /** Ends with a signal, or when only the time for taking away is left. */
  work: Stoppable;
  /** Ends when that is over, counted from the end of the work. */
  end: { signal: AbortSignal; done(): void };
  /** Milliseconds until then; at least one. */
  leftMs(phase: 'work' | 'all'): number;
}

/** Of the whole, so much is for the taking away. */
const REST = 1 / 3;

/** `totalMs`: when nobody interrupts it. */
export function scheduleOf(totalMs: number, stop: Stoppable): Schedule {
  const restMs = totalMs * REST;
  const begun = monotonicMs();
  const work = within(stop, totalMs - restMs);
  const end = new AbortController();
  let workEnds = begun + totalMs - restMs;
  let timer: NodeJS.Timeout | undefined;
  const workEnded = () => {
    workEnds = monotonicMs();
    timer = setTimeout(() => end.abort(), restMs);
  };
  work.signal.addEventListener('abort', workEnded, { once: true });
  return {
    work,
    end: {
      signal: end.signal,
      done() {
        work.signal.removeEventListener('abort', workEnded);
        clearTimeout(timer);
      },
    },
    leftMs: (phase) => Math.max(1, workEnds + (phase === 'all' ? restMs : 0) - monotonicMs()),
  };
}
