import fs from 'node:fs';
import path from 'node:path';

const MAX_LINKS = 40;

/**
 * Resolves a path of the node as the node itself would, with every link staying inside `root`:
 * an absolute link starts again at the root, and `..` stops there.
 * Components that do not exist are kept as they are. Throws ELOOP on endless links.
 */
export function resolveInRoot(root: string, wanted: string, followLast: boolean): string {
  let links = 0;
  let done: string[] = [];
  const todo = parts(wanted);
  while (todo.length > 0) {
    const part = todo.shift() as string;
    if (part === '..') {
      done.pop();
      continue;
    }
    const next = path.join(root, ...done, part);
    const target = todo.length > 0 || followLast ? linkTarget(next) : null;
    if (target === null) {
      done.push(part);
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw Object.assign(new Error(`too many links in ${wanted}`), { code: 'ELOOP' });
    if (path.isAbsolute(target)) done = [];
    todo.unshift(...parts(target));
  }
  return path.join(root, ...done);
}

function parts(p: string): string[] {
  return p.split('/').filter((part) => part !== '' && part !== '.');
}

function linkTarget(p: string): string | null {
  try {
    return fs.readlinkSync(p);
  } catch {
    return null;
  }
}
