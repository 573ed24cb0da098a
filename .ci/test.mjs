// Lint, types, tests: stops at the first that fails. What vitest prints comes last; arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Real namespaces, mounts, networks and runtimes. */
const NEEDS_ROOT = ['test/cni', 'test/e2e', 'test/native', 'test/rig', 'test/sandbox'];
const skipped = process.getuid?.() === 0 ? [] : NEEDS_ROOT;
const exclude = skipped.flatMap((folder) => ['--exclude', `${folder}/**`]);
const steps = [
  ['lint', 'biome', ['check', '--error-on-warnings', '.'], 'npm run format mends most of it'],
  ['types', 'tsc', ['--noEmit'], 'the compiler names file and line above'],
  ['tests', 'vitest', ['run', '--config', '.ci/vitest.config.mjs', ...exclude, ...process.argv.slice(2)], ''],
];

if (skipped.length > 0) {
  console.error(`skipped: ${skipped.join(', ')}: they make namespaces, mounts and pods, which needs root`);
}

for (const [name, tool, args, hint] of steps) {
  console.error(`${name}: ${tool} ${args.join(' ')}`);
  const { status, signal, error } = spawnSync(`${root}node_modules/.bin/${tool}`, args, {
    cwd: root,
    stdio: 'inherit',
  });
  if (status === 0) continue;
  if (error) console.error(`error: ${tool} cannot be started: ${error.message}\nhint: npm ci`);
  else if (hint) console.error(`error: ${name} failed (${signal ?? `exit ${status}`})\nhint: ${hint}`);
  process.exitCode = status ?? 1;
  break;
}
