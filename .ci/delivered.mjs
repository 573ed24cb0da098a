// What dist/ holds beside programs: for the authors of checks.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const author = 'src/cli/author';
/** Types of the package, as package.json names them: without the rest of the program. */
const TYPES = 'src/package-types.ts';

/** A healthy node, which tests of checks begin with, and what new checks are made from: [file, contents, source]. */
export function delivered() {
  const files = ['example.snapshot.json', ...filesBelow(path.join(root, author), 'templates')];
  return files.map((file) => [file, fs.readFileSync(path.join(root, author, file)), `${author}/${file}`]);
}

/** Declarations of the types that the package gives, each with the source that it is made from. */
export function declarations() {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-types-'));
  try {
    const options = ['--declaration', '--emitDeclarationOnly', '--strict', '--allowImportingTsExtensions'];
    const places = ['--ignoreConfig', '--types', '', '--rootDir', 'src', '--outDir', out];
    const { stdout, error } = spawnSync(
      path.join(root, 'node_modules/.bin/tsc'),
      [...options, ...places, '--target', 'es2022', '--module', 'nodenext', TYPES],
      { cwd: root, encoding: 'utf8' },
    );
    const files = filesBelow(out, '.');
    if (files.length === 0) throw new Error(`tsc makes no declarations: ${error?.message ?? stdout}`);
    return files.map((file) => {
      const text = fs.readFileSync(path.join(out, file), 'utf8');
      const source = `src/${file.replace(/\.d\.ts$/, '.ts')}`;
      return [`types/${file}`, text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"), source];
    });
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
}

function filesBelow(folder, place) {
  const entries = fs.readdirSync(path.join(folder, place), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name))).sort();
}
