import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/node-tree.ts';

const repository = path.resolve(import.meta.dirname, '../..');

function texts(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

test('src/cri/gen is what .ci/generate.mjs makes of src/cri/proto', { timeout: 60_000 }, () => {
  const out = temporaryFolder();
  execFileSync(process.execPath, [path.join(repository, '.ci/generate.mjs'), out], { stdio: 'pipe' });
  expect(texts(out)).toEqual(texts(path.join(repository, 'src/cri/gen')));
});
