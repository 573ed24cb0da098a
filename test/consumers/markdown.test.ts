import { lexer, type Token, type Tokens } from 'marked';
import { expect, test } from 'vitest';
import { groupFindings } from '../../src/report/groups.ts';
import { rendered } from '../support/rendered.ts';
import { REPORTS, recordedReports } from './reports.ts';

/** What our reports are made of; anything else comes from the node. */
const OURS = [
  'heading',
  'paragraph',
  'text',
  'escape',
  'code',
  'codespan',
  'strong',
  'list',
  'list_item',
  'html',
  'br',
  'space',
];
const OUR_HTML = /^(?:<!-- -->|<details><summary>\d+ [a-z ]+<\/summary>|<\/details>)$/;
/** What GitHub makes links of in plain text by itself. */
const LINKS = /(?<![\w`])@[\w-]|(?<!\w)#\d|\bwww\.|:\/\/\w/;

function flat(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const items = 'items' in token ? (token.items as Token[]) : [];
    return [token, ...flat(items), ...flat('tokens' in token ? (token.tokens ?? []) : [])];
  });
}

/** Text as it is shown, with marks where something stands in the middle of a word. */
function texts(tokens: readonly Token[]): string[] {
  return flat(tokens)
    .filter((token): token is Tokens.Text => token.type === 'text' && !('tokens' in token && token.tokens))
    .map(({ text }) => text);
}

test.each([...REPORTS, ...(await recordedReports(10))])(
  'of %s nothing is markup but ours',
  async (_, report) => {
    const tokens = lexer(await rendered(report, 'markdown'), { gfm: true });
    const all = flat(tokens);
    expect(all.map(({ type }) => type).filter((type) => !OURS.includes(type))).toEqual([]);
    const html = all.filter((token): token is Tokens.HTML => token.type === 'html');
    const odd = html.flatMap(({ raw }) => raw.trim().split('\n')).filter((line) => !OUR_HTML.test(line));
    expect(odd).toEqual([]);
    const headings = all.filter(({ type }) => type === 'heading');
    expect(headings).toHaveLength(1 + groupFindings(report).length);
    expect(all.filter(({ type }) => type === 'strong')).toHaveLength(1);
    expect(texts(tokens).filter((text) => LINKS.test(text))).toEqual([]);
  },
);
