import type { LogEvent } from '../model/log-facts.ts';
import { isObject } from '../model/shape.ts';
import { LOG_PATTERNS, type LogPattern } from './log-patterns.ts';

/** A line longer than this is no line of a log. */
const MAX_LINE = 16 * 1024;
const MAX_EVENTS = 200;

interface Line {
  said: string;
  time: number | null;
}

/**
 * What a runtime's log says of the kinds that are looked for, in the order in which it was last said. The log is in
 * containerd's text form (`time=... level=... msg="..." error="..."`) or its JSON form; any other line is passed over.
 */
export function logEvents(text: string): LogEvent[] {
  const events = new Map<string, LogEvent>();
  const possible = LOG_PATTERNS.filter(({ word }) => text.includes(word));
  if (possible.length === 0) return [];
  for (const raw of text.split('\n')) {
    if (raw.length > MAX_LINE) continue;
    for (const pattern of possible) {
      if (!raw.includes(pattern.word)) continue;
      const line = lineOf(raw);
      const fields = line && fieldsOf(pattern, line.said);
      if (!line || !fields) continue;
      if (pattern.ends) forget(events, pattern.ends);
      const key = JSON.stringify([pattern.kind, fields]);
      const count = (events.get(key)?.count ?? 0) + 1;
      // Set anew at the end: the order is that of the last word.
      events.delete(key);
      events.set(key, { kind: pattern.kind, fields, count, last: line.time });
    }
  }
  return [...events.values()].slice(-MAX_EVENTS);
}

function forget(events: Map<string, LogEvent>, kind: LogEvent['kind']): void {
  for (const [key, event] of events) if (event.kind === kind) events.delete(key);
}

function fieldsOf({ pattern, reasons }: LogPattern, said: string): Record<string, string> | null {
  const match = pattern.exec(said);
  if (match === null) return null;
  const { rest, ...fields } = { ...match.groups };
  if (reasons === undefined) return fields;
  const host = hostOf(rest ?? '');
  return {
    ...fields,
    reason: reasons.find(([, sign]) => sign.test(rest ?? ''))?.[0] ?? 'other',
    ...(host === null ? {} : { host }),
  };
}

/** Host and port that an error names as its peer; an address may carry a user, a path or a token, which are not kept. */
function hostOf(rest: string): string | null {
  const found = /\bhttps?:\/\/(?:[^\s/?#"@]*@)?([\w.-]+(?::\d+)?)[/"?]|\bfrom host ([\w.-]+(?::\d+)?) /.exec(
    rest,
  );
  return found?.[1] ?? found?.[2] ?? null;
}

function lineOf(raw: string): Line | null {
  const open = raw.indexOf('{"');
  const values = open === 0 ? jsonValues(raw) : textValues(raw);
  if (values === null) return null;
  const { msg, error, time } = values;
  if (msg === undefined) return null;
  const at = Date.parse(time ?? '');
  return { said: error === undefined ? msg : `${msg}: ${error}`, time: Number.isNaN(at) ? null : at };
}

type Values = Partial<Record<'msg' | 'error' | 'time', string>>;

function jsonValues(raw: string): Values | null {
  try {
    const value: unknown = JSON.parse(raw);
    if (!isObject(value)) return null;
    const { msg, error, time } = value;
    const textOf = (one: unknown) => (typeof one === 'string' ? one : undefined);
    return defined({ msg: textOf(msg), error: textOf(error), time: textOf(time) });
  } catch {
    return null;
  }
}

const PAIR = /(?:^| )(msg|error|time|[\w.-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

function textValues(raw: string): Values {
  const values: Record<string, string> = {};
  for (const [, key = '', quoted, bare] of raw.matchAll(PAIR)) {
    values[key] ??= quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
  }
  return defined({ msg: values.msg, error: values.error, time: values.time });
}

function defined(values: { [K in keyof Values]: string | undefined }): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
