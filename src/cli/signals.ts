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

/**
 * The first SIGINT or SIGTERM, or the deadline, aborts `signal`, so that what is known can still be told.
 * A second one ends the process as if nobody had listened.
 */
export function stoppable(deadlineMs: number): Stoppable {
  const controller = new AbortController();
  // Every collector listens, and so does every call that one of them makes.
  setMaxListeners(0, controller.signal);
  let exit: number | undefined;
  const timer = setTimeout(() => controller.abort(), deadlineMs);
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
