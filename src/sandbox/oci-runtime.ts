import fs from 'node:fs';
import path from 'node:path';
import { SandboxError } from './error.ts';

const RUNTIMES = ['runc', 'crun'];
const ADMINISTRATORS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Path of the first OCI runtime that can be found. Throws SandboxError. */
export function findOciRuntime(searchPath = ''): string {
  const folders = [...searchPath.split(':').filter((f) => f.startsWith('/')), ...ADMINISTRATORS];
  for (const name of RUNTIMES)
    for (const folder of folders) {
      const file = path.join(folder, name);
      if (isProgram(file)) return file;
    }
  throw new SandboxError(
    'usage',
    `no OCI runtime: there is no ${RUNTIMES.join(' and no ')} on PATH`,
    'install runc, or use --rootfs, which needs none',
  );
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
