import { UsageError } from './usage-error.ts';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
/** Node's timers hold no more. */
const MAX_MS = 2 ** 31 - 1;

/** Milliseconds of `10s`, `1h30m`, `500ms`, or of plain seconds, as Go and crictl write them. */
export function parseDuration(option: string, text: string): number {
  const plain = /^\d+(?:\.\d+)?$/.test(text) ? `${text}s` : text;
  if (!DURATION.test(plain))
    throw new UsageError(`${option}: "${text}" is no duration`, 'write it as 10s, 2m or 1h30m');
  const parts = plain.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  const ms = Math.round(
    [...parts].reduce((sum, [, n, unit]) => sum + Number(n) * (UNITS[unit ?? ''] ?? 0), 0),
  );
  if (ms > MAX_MS) throw new UsageError(`${option}: "${text}" is too long`, 'at most 24 days');
  return ms;
}

/** The same, but zero is refused: a deadline that has passed before the start. */
export function parseDeadline(option: string, text: string): number {
  const ms = parseDuration(option, text);
  if (ms === 0)
    throw new UsageError(`${option}: must be longer than nothing`, 'write it as 10s, 2m or 1h30m');
  return ms;
}
