import path from 'node:path';

/** Folder of one container, in the sandbox's. Its name is a DNS label, so it is one part of a path. */
export function containerFolder(sandboxFolder: string, name: string): string {
  return path.join(sandboxFolder, 'containers', name);
}
