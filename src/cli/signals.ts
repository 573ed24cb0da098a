import { setMaxListeners } from 'node:events';

const EXIT = { SIGINT: 130, SIGTERM: 143 } as const;
type Stop = keyof typeof EXIT;

/** A run that can be stopped from outside or by its deadline. */
export interface Stoppable {
  signal: AbortSignal;
  /** 130 or 143 after a signal, else undefined. */
  exitCode(): number | undefined;
  /** Ends the deadline and the listening. */
  done(): void;
}

/** One look within a run that listens to signals itself: it ends at its own deadline, or with the run. */
export function within(outer: Stoppable, deadlineMs: number): Stoppable {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  const cut = () => own.abort();
  const timer = setTimeout(cut, deadlineMs);
  // Not AbortSignal.any: the outer one would remember every look of a run that lasts for days.
  outer.signal.addEventListener('abort', cut, { once: true });
  if (outer.signal.aborted) cut();
  return {
    signal: own.signal,
    exitCode: outer.exitCode,
    done() {
      clearTimeout(timer);
      outer.signal.removeEventListener('abort', cut);
    },
  };
}

/**
 * The first SIGINT or SIGTERM, or the deadline, aborts `signal`, so that what is known can still be told.
 * A second one ends the process as if nobody had listened. `deadlineMs`: null for none.
 */
export function stoppable(deadlineMs: number | null): Stoppable {
  const controller = new AbortController();
  // Every collector listens, and so does every call that one of them makes.
  setMaxListeners(0, controller.signal);
  let exit: number | undefined;
  const timer = deadlineMs === null ? undefined : setTimeout(() => controller.abort(), deadlineMs);
  const stop = (name: Stop) => {
    if (exit !== undefined) {
      forget();
      process.kill(process.pid, name);
      return;
    }
    exit = EXIT[name];
    controller.abort();
  };
  const forget = () => {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    exitCode: () => exit,
    done() {
      clearTimeout(timer);
      forget();
    },
  };
}
