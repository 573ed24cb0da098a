import type { Finding, Subject, SubjectKind } from './check.ts';

/** Kinds whose ids are new with every restart of a pod, while their names stay. */
const KNOWN_BY_NAME: ReadonlySet<SubjectKind> = new Set<SubjectKind>([
  'sandbox',
  'container',
  'process',
  'shim',
]);

/** What a runtime counts up with every restart of a pod. */
const ATTEMPT = / \(attempt \d+\)/g;
/** Parts of paths that are new with every restart: ids of sandboxes and containers, uids, names of pins. */
const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}/g;
const PROCESS = /^\/proc\/\d+(?=\/)/;
/** What would break a line or disguise it; the backslash too, so that nothing is written alike that is not. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/gu;

/**
 * What a finding is known by from one look to the next, after restarts of pods and of the runtime too: the check,
 * the message, and who it is about, without ids, pids and times. One line of printable characters. `apart`: keys of
 * its data that tell findings about one subject apart. Two findings have the same one only where the check says the
 * same thing twice of one thing, or of two that have the same name.
 */
export function fingerprint(
  check: string,
  { messageId, subject, data }: Pick<Finding, 'messageId' | 'subject' | 'data'>,
  apart: readonly string[] = [],
): string {
  const more = apart
    .filter((key) => Object.hasOwn(data, key) && data[key] !== '')
    .map((key) => `${key}=${data[key]}`);
  return [check, messageId, subject.kind, identity(subject), ...more].map(oneLine).join(' ');
}

/** The first number that no other has: two pods may have one name. Takes it. */
export function unused(base: string, taken: Set<string>): string {
  let key = base;
  for (let n = 2; taken.has(key); n += 1) key = `${base} (${n})`;
  taken.add(key);
  return key;
}

/** A fingerprint without the number that `unused` gave it. */
export function unnumbered(key: string): string {
  return key.replace(/ \(\d+\)$/, '');
}

/** What nobody owns any more has no name that lasts: it is known by its id, and does not come back. */
function identity({ kind, id, name = '' }: Subject): string {
  const called = name.replace(ATTEMPT, '');
  if (called !== '' && KNOWN_BY_NAME.has(kind)) return called;
  if (kind === 'process') return id;
  const lasting = id.replace(PROCESS, '/proc/*');
  const place = kind === 'file' && called !== '' ? lasting.replace(IDS, '*') : lasting;
  return place === lasting ? place : `${called} ${place}`;
}

function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
