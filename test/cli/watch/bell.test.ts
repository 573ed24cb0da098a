import { expect, test, vi } from 'vitest';
import { type Bell, createBell } from '../../../src/cli/watch/bell.ts';

const TIMES = { intervalMs: 30_000, quietMs: 500, restMs: 3000 };

/** Waits after a look that ended now; says after how many milliseconds it was time. */
async function waitedFor(bell: Bell, signal = new AbortController().signal): Promise<number> {
  const begun = performance.now();
  await bell.wait({ begun, ended: begun }, signal);
  return Math.round(performance.now() - begun);
}

async function inFakeTime(work: () => Promise<void>): Promise<void> {
  vi.useFakeTimers();
  try {
    await work();
  } finally {
    vi.useRealTimers();
  }
}

test('without a ring it is the interval', () =>
  inFakeTime(async () => {
    const waited = waitedFor(createBell(TIMES));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await waited).toBe(30_000);
  }));

test('many rings are one look, soon after the first, but not at once after the last look', () =>
  inFakeTime(async () => {
    const bell = createBell(TIMES);
    const waited = waitedFor(bell);
    setTimeout(bell.ring, 10_000);
    setTimeout(bell.ring, 10_200);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await waited).toBe(10_500);

    const soon = waitedFor(bell);
    setTimeout(bell.ring, 100);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await soon).toBe(3000);
    // What was waited for is not waited for again.
    const next = waitedFor(bell);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await next).toBe(30_000);
  }));

test('what rings while a look is going on may have been missed by it; what rang before was not', () =>
  inFakeTime(async () => {
    const bell = createBell({ ...TIMES, restMs: 0 });
    bell.ring();
    await vi.advanceTimersByTimeAsync(1000);
    const begun = performance.now();
    const after = bell.wait({ begun, ended: begun }, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(30_000);
    await after;
    expect(performance.now() - begun).toBeCloseTo(30_000, -1);

    const second = performance.now();
    await vi.advanceTimersByTimeAsync(100);
    bell.ring();
    await vi.advanceTimersByTimeAsync(100);
    const during = bell.wait({ begun: second, ended: performance.now() }, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(30_000);
    await during;
    expect(vi.getTimerCount()).toBe(0);
  }));

test('the end of the run ends the wait, and leaves no timer', () =>
  inFakeTime(async () => {
    const stop = new AbortController();
    const waited = waitedFor(createBell(TIMES), stop.signal);
    await vi.advanceTimersByTimeAsync(70);
    stop.abort();
    expect(await waited).toBe(70);
    expect(await waitedFor(createBell(TIMES), stop.signal)).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  }));
