import fs from 'node:fs';

export type PathKind = 'missing' | 'folder' | 'socket' | 'other';
export type KindOf = (path: string) => PathKind;

/** What is at a path of this machine; links are followed. What cannot be looked at counts as missing. */
export function kindOf(path: string): PathKind {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (!stat) return 'missing';
  if (stat.isDirectory()) return 'folder';
  return stat.isSocket() ? 'socket' : 'other';
}
