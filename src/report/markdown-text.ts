import { escapeText } from './escape.ts';

/**
 * Text that Markdown shows as it is: no markup, no HTML, no table break, and none of what GitHub and GitLab make links
 * of by themselves (names after `@`, numbers after `#` and `!`, addresses). A comment in the middle of a word is
 * invisible and keeps it from being one.
 */
export function plainText(text: string): string {
  return (
    escapeText(text)
      .replace(/[\\`*_[\]<>|~]/g, '\\$&')
      .replace(/^(\d*)([-+=#.)])/, '$1\\$2')
      .replace(/[@#!$%^&](?=[\w"'])/g, `$&${APART}`)
      .replace(/:(?=\/\/)/g, `:${APART}`)
      // Names of pictures, between colons.
      .replace(/:(?=[a-z][\w+-]*:)/g, `:${APART}`)
      .replace(/www(?=\.)/gi, `$&${APART}`)
  );
}

const APART = '<!-- -->';

/** Text between backticks, in which nothing means anything; longer ones where it holds some itself. */
export function codeSpan(text: string): string {
  const safe = escapeText(text);
  if (safe === '') return '` `';
  const fence = '`'.repeat(longestRun(safe) + 1);
  const room = /^`|`$|^ .* $/.test(safe) ? ' ' : '';
  return fence + room + safe + room + fence;
}

/** Lines as a block of code; nothing in them ends it. */
export function codeBlock(lines: readonly string[], language: string): string[] {
  const safe = lines.map(escapeText);
  const fence = '`'.repeat(Math.max(3, longestRun(safe.join('\n')) + 1));
  return [fence + language, ...safe, fence];
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
