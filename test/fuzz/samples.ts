import { CAPTURES, readCapture } from '../captures/load.ts';

/** Texts of files of the captured nodes whose path fits, no text twice, at most `most`. */
export function captured(path: RegExp, most = 6): string[] {
  const found = new Set<string>();
  for (const name of CAPTURES)
    for (const [file, text] of Object.entries(readCapture(name).files)) if (path.test(file)) found.add(text);
  const all = [...found];
  // Some of each node: neighbours are alike.
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, i) => i % step === 0).slice(0, most);
}
