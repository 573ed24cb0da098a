import { execFileSync } from 'node:child_process';
import type { Containerd } from '../rig/containerd.ts';
import { runPodctl } from '../support/cli.ts';

/** What a command says as JSON, with its exit code. */
export async function json<T>(
  containerd: Containerd,
  ...args: string[]
): Promise<T & { code: number | null }> {
  const { code, stdout } = await runPodctl([...args, '-r', containerd.socket, '-o', 'json']);
  return { ...(JSON.parse(stdout) as T), code };
}

/** What a program of the machine says in a network namespace. */
export function inside(pid: number, ...command: string[]): string {
  return execFileSync('nsenter', [`--net=/proc/${pid}/ns/net`, ...command], { encoding: 'utf8' });
}
