const MARK = '...';

/** A text in at most `bytes` of UTF-8, cut between two characters; the end says when there would be more. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let used = 0;
  let taken = '';
  for (const char of text) {
    used += Buffer.byteLength(char);
    if (used > bytes - MARK.length) break;
    taken += char;
  }
  return taken.trimEnd() + MARK;
}
