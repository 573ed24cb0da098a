import path from 'node:path';
import { isProgram } from '../host/is-program.ts';
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
