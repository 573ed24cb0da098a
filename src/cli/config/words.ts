import { FACT_NAMES } from '../../model/fact-shapes.ts';
import { parseDeadline, parseDuration } from '../duration.ts';
import { FAIL_ON } from '../exit-code.ts';
import { nearNames } from '../near.ts';
import type { Word } from './form.ts';

/** A text that a pattern without flags describes. */
export function matching(noun: string, pattern: RegExp): Word {
  return { noun, schema: { type: 'string', pattern: pattern.source }, fits: (text) => pattern.test(text) };
}

/** One of some. */
export function among(words: readonly string[]): Word {
  return {
    noun: `one of ${words.join(', ')}`,
    schema: { enum: words },
    fits: (text) => words.includes(text),
    near: (text) => nearNames(text, words),
  };
}

const DURATION = /^(?:\d+(?:\.\d+)?|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/;

function durationWord(parse: (option: string, text: string) => number): Word {
  const word = matching('a duration, such as 10s or 1h30m', DURATION);
  return {
    ...word,
    fits(text) {
      if (!word.fits(text)) return false;
      try {
        parse('', text);
        return true;
      } catch {
        return false;
      }
    },
  };
}

export const duration = durationWord(parseDuration);
export const deadline = durationWord(parseDeadline);

export const day: Word = {
  noun: 'a day, such as 2026-12-31',
  schema: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
  fits: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text),
};

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

export const something: Word = matching('a text with something in it', /\S/);
export const absolutePath: Word = matching('an absolute path', /^\/[^\0]*$/);
export const socket: Word = matching(
  'a socket, such as unix:///run/containerd/containerd.sock',
  /^(?:unix:\/\/)?\/[^\0]*$/,
);
export const checkGlob: Word = matching(
  'the id of a check, or several such as "netns/*"',
  /^(?:\*|[\w*.@-]+(?:\/[\w*.-]+)+)$/,
);
export const checkId: Word = matching('the id of a check, such as netns/leaked', /^[\w.@-]+(?:\/[\w.-]+)+$/);
export const packageName: Word = matching(
  'the name of an npm package, such as @acme/podctl-checks',
  /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/,
);
export const factName: Word = among(FACT_NAMES);
export const failOn: Word = among(FAIL_ON);
export const severity: Word = among(['info', 'warning', 'error']);
