import { scanToml } from '../../model/toml-lines.ts';

/** Parts of key names whose values are nobody's business. */
const SECRET = /pass|secret|token|auth|cred|identity|private|header/i;
/** Such a name with its value, as flags and environments have it; what begins with a dash is the next flag. */
const SECRET_WORD = new RegExp(`([\\w-]*(?:${SECRET.source})[\\w-]*(?:=|[ \\t]+(?!-))["']?)[^\\s"']+`, 'gi');

/** What changed between two TOML texts of a file, as `diff -u` shows it, secrets hidden; '' when nothing did. */
export async function unifiedDiff(file: string, before: string, after: string): Promise<string> {
  return before === after ? '' : patch(file, withoutSecrets(before), withoutSecrets(after), 3);
}

/** The same of a unit or environment file: only the lines that change. */
export async function flagDiff(file: string, before: string, after: string): Promise<string> {
  return before === after ? '' : patch(file, withoutSecretFlags(before), withoutSecretFlags(after), 0);
}

async function patch(file: string, before: string, after: string, context: number): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const options = { context, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(file, `${file} (planned)`, before, after, undefined, undefined, options);
}

/** Values that may be secret give way to dots; their lines stay. */
function withoutSecrets(text: string): string {
  const hidden = scanToml(text).entries.filter(({ path }) => path.some((part) => SECRET.test(part)));
  let shown = text;
  for (const { at, raw } of hidden.reverse()) {
    const lines = '\n'.repeat(raw.split('\n').length - 1);
    shown = `${shown.slice(0, at)}"..."${lines}${shown.slice(at + raw.length)}`;
  }
  return withoutUsers(shown);
}

function withoutSecretFlags(text: string): string {
  return withoutUsers(text.replace(SECRET_WORD, '$1...'));
}

function withoutUsers(text: string): string {
  return text.replace(/\/\/[^/@\s"']*@/g, '//...@');
}
