import type { Cause } from './report.ts';

/** What a cause and the finding that it names have alike. */
export function causeKey({ check, messageId, subject }: Cause): string {
  return JSON.stringify([check, messageId, subject.kind, subject.id]);
}
