/** What tells that it is time to look again before the interval has passed. */
export interface Bell {
  /** Something happened: look soon. */
  ring(): void;
  /** Waits for the next look, counted from when the last one began and ended. Ends at once when `signal` aborts. */
  wait(last: { begun: number; ended: number }, signal: AbortSignal): Promise<void>;
}

export interface Times {
  intervalMs: number;
  /** How long to wait after the first ring: what belongs together comes together. */
  quietMs: number;
  /** How long a look is followed by none, however often it rings. */
  restMs: number;
}

/** Times in milliseconds of `performance.now()`. */
export function createBell({ intervalMs, quietMs, restMs }: Times): Bell {
  let rungAt: number | null = null;
  let wake = () => {};

  /** The last look may have missed what rang while it looked, but not what rang before. */
  function dueAt({ begun, ended }: { begun: number; ended: number }): number {
    const latest = ended + intervalMs;
    if (rungAt !== null && rungAt < begun) rungAt = null;
    return rungAt === null ? latest : Math.min(latest, Math.max(rungAt + quietMs, ended + restMs));
  }

  return {
    ring() {
      rungAt ??= performance.now();
      wake();
    },
    async wait(last, signal) {
      for (let left = dueAt(last) - performance.now(); left > 0 && !signal.aborted; ) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', wake);
            resolve();
          };
          signal.addEventListener('abort', wake, { once: true });
        });
        wake();
        wake = () => {};
        left = dueAt(last) - performance.now();
      }
      rungAt = null;
    },
  };
}
