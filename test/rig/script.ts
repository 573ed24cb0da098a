import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from './repository.ts';

/**
 * Runs a TypeScript file of ours (path from the repository's root) in a process of its own.
 * Its stdout is piped, its stderr shown. The caller ends it and waits for it.
 */
export async function spawnScript(file: string, args: string[] = []): Promise<ChildProcess> {
  const root = repositoryRoot();
  const bundle = path.join(root, 'node_modules/.cache/podctl-test', `${path.basename(file, '.ts')}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  });
  return spawn(process.execPath, [bundle, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Waits for a line on a script's stdout. Throws when the script ends first. */
export function lineFrom(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('close', (code) => reject(new Error(`ended with ${code} before it said ${wanted}: ${text}`)));
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes(`${wanted}\n`)) resolve();
    });
  });
}

/** Exit code of a script, once it has ended; null when a signal ended it. */
export function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('close', resolve));
}
