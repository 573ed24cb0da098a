// Makes a bare clone ready: packages, the registry of checks, dist/. Does only what is not up to date.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function lockfile(file) {
  try {
    return JSON.parse(fs.readFileSync(root + file, 'utf8')).packages;
  } catch {
    return null;
  }
}

/** What npm says it installed against what the lock file wants; optional packages may be for other machines. */
function isInstalled() {
  const wanted = lockfile('package-lock.json');
  const installed = lockfile('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([place, { version, integrity, optional, link }]) => {
    if (place === '' || link) return true;
    const there = installed[place];
    return there ? there.version === version && there.integrity === integrity : Boolean(optional);
  });
}

function install() {
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { status, error } = spawnSync(program, [...first, 'ci'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (error) throw new Error(`npm cannot be started: ${error.message}`);
  if (status !== 0) throw new Error(`npm ci ended with exit code ${status}`);
}

const steps = [
  {
    doing: 'packages: npm ci, because node_modules does not match package-lock.json',
    hint: 'see what npm says above; it needs Node.js 20.19 or later and a package registry',
    async run(say) {
      if (isInstalled()) return;
      say();
      install();
    },
  },
  {
    doing: 'registry: writing src/cli/builtin-checks.ts from checks/',
    hint: 'node .ci/generate-registry.mjs',
    async run(say) {
      const { generateRegistry } = await import('./generate-registry.mjs');
      if (generateRegistry()) say();
    },
  },
  {
    doing: 'build: bundling dist/, because sources changed',
    hint: 'mend the file that the bundler names above, then: node .ci/build.mjs',
    async run(say) {
      const { build, isUpToDate } = await import('./build.mjs');
      if (isUpToDate()) return;
      say();
      await build();
    },
  },
];

for (const { doing, hint, run } of steps) {
  try {
    await run(() => console.error(doing));
  } catch (error) {
    console.error(`error: ${doing.split(':')[0]}: ${error.message.split('\n')[0]}\nhint: ${hint}`);
    process.exitCode = 1;
    break;
  }
}
