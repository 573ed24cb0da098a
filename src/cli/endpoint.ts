import type { PathKind } from './kind-of.ts';
import { UsageError } from './usage-error.ts';

/** Path of `unix:///run/x.sock` or `/run/x.sock`. Anything else is a usage error: CRI is spoken on this node only. */
export function endpointPath(text: string): string {
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'unix')
    throw new UsageError(
      `--runtime-endpoint: ${scheme}:// is not spoken here, only Unix sockets are`,
      'e.g. --runtime-endpoint /run/containerd/containerd.sock',
    );
  const path = scheme === 'unix' ? text.slice('unix://'.length) : text;
  if (!path.startsWith('/'))
    throw new UsageError(
      `--runtime-endpoint: "${text}" is not an absolute path`,
      'e.g. --runtime-endpoint /run/containerd/containerd.sock',
    );
  return path;
}

/** Refuses an endpoint that is there but is no socket. One that is missing is for the checks to judge. */
export function requireSocket(path: string, kind: PathKind): void {
  if (kind === 'folder' || kind === 'other')
    throw new UsageError(`--runtime-endpoint: ${path} is no socket`, 'name the socket of the runtime');
}
