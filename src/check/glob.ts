/** Whether the glob stands for a text: `*` is any text, also none. Takes no longer for hostile texts. */
export function globFits(glob: string, text: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return glob === text;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** The same of ids and the like: `*` is any text without a slash; alone it is everything. */
export function globFitsId(glob: string, id: string): boolean {
  if (glob === '*') return true;
  const [globs, parts] = [glob.split('/'), id.split('/')];
  return globs.length === parts.length && globs.every((one, i) => globFits(one, parts[i] ?? ''));
}
