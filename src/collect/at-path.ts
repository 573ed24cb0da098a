import type { ReadHost } from '../host/read-host.ts';

/** Text of a file of the kernel's; '' where there is none, or it may not be read. */
export function kernelText(host: ReadHost, path: string): string {
  try {
    return host.readKernel(path);
  } catch {
    return '';
  }
}

/** What is at a path, a link as such; `missing` also where that cannot be told. */
export function typeAt(host: ReadHost, path: string): string {
  try {
    return host.stat(path).type;
  } catch {
    return 'missing';
  }
}
