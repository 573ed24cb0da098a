import { durationText } from '../model/duration.ts';

/** `2 hours ago`, `12 seconds ago`; '-' for a time that nobody knows. Both in milliseconds since 1970. */
export function agoText(then: number, now: number): string {
  return then <= 0 ? '-' : `${durationText(now - then)} ago`;
}
