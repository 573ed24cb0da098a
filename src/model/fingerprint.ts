import type { Finding, Subject, SubjectKind } from './check.ts';

/** Kinds whose ids are new with every restart of a pod, while their names stay. */
const KNOWN_BY_NAME: ReadonlySet<SubjectKind> = new Set<SubjectKind>(['sandbox', 'container', 'process']);

/**
 * What a finding is known by from one look to the next, after restarts of pods and of the runtime too: the check,
 * the message, and who it is about, without ids, pids and times. Two findings of a report have the same one only
 * where the check says the same thing twice of one thing, or of two that have the same name.
 */
export function fingerprint(
  check: string,
  { messageId, subject }: Pick<Finding, 'messageId' | 'subject'>,
): string {
  return [check, messageId, subject.kind, identity(subject)].join(' ');
}

/** The first number that no other has: two pods may have one name. Takes it. */
export function unused(base: string, taken: Set<string>): string {
  let key = base;
  for (let n = 2; taken.has(key); n += 1) key = `${base} (${n})`;
  taken.add(key);
  return key;
}

function identity({ kind, id, name = '' }: Subject): string {
  return KNOWN_BY_NAME.has(kind) && name !== '' ? name : id;
}
