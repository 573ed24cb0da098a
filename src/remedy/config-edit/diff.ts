import { scanToml } from '../../model/toml-lines.ts';

/** Parts of key names whose values are nobody's business. */
const SECRET = /pass|secret|token|auth|cred|identity|private|header/i;

/** What changed between two TOML texts of a file, as `diff -u` shows it, secrets hidden; '' when nothing did. */
export async function unifiedDiff(file: string, before: string, after: string): Promise<string> {
  if (before === after) return '';
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const [old, planned] = [before, after].map(withoutSecrets) as [string, string];
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(file, `${file} (planned)`, old, planned, undefined, undefined, options);
}

/** Values that may be secret give way to dots; their lines stay. */
function withoutSecrets(text: string): string {
  const hidden = scanToml(text).entries.filter(({ path }) => path.some((part) => SECRET.test(part)));
  let shown = text;
  for (const { at, raw } of hidden.reverse()) {
    const lines = '\n'.repeat(raw.split('\n').length - 1);
    shown = `${shown.slice(0, at)}"..."${lines}${shown.slice(at + raw.length)}`;
  }
  return shown.replace(/\/\/[^/@\s"']*@/g, '//...@');
}
