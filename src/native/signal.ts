import type { ProcessIdentity } from '../model/plan.ts';
import { flag, record } from '../model/shape.ts';
import { callHelper, type HelperOptions, lineWith } from './helper.ts';
import type { Native } from './problem.ts';

/** `ended`: it was seen to end within the wait; false when nobody waited. */
export type Signalled = { state: 'gone' } | { state: 'sent'; ended: boolean };

const MARGIN_MS = 5_000;

/**
 * Sends a signal (0: none, only look) to that very process, through a pidfd, and waits up to `waitMs` for its
 * end. `gone` when it is no more; a failure with reason `reused` when its number is another process's now.
 */
export async function signalProcess(
  { pid, startTicks }: ProcessIdentity,
  signal: number,
  waitMs = 0,
  options: HelperOptions = {},
): Promise<Native<Signalled>> {
  const args = ['--pid', String(pid), '--start', String(startTicks), '--signal', String(signal)];
  const wait = waitMs > 0 ? ['--wait-ms', String(waitMs)] : [];
  const lines = await callHelper('signal', [...args, ...wait], {
    timeoutMs: waitMs + MARGIN_MS,
    ...options,
  });
  if (!lines.ok) return lines;
  if (lines.value.some((line) => line.gone === true)) return { ok: true, value: { state: 'gone' } };
  const sent = lineWith(
    'sent',
    record<{ sent: boolean; ended?: boolean }>({ sent: flag, ended: flag }, 'ended'),
    lines.value,
  );
  return sent.ok ? { ok: true, value: { state: 'sent', ended: sent.value.ended === true } } : sent;
}
