import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/node-tree.ts';

const README = path.join(root, 'README.md');
const BETWEEN = /(<!-- walk: a new check -->\n```\n)([\s\S]*?)(```\n<!-- end of walk -->)/;

/** What somebody types who writes a first check. */
const LINES = [
  'podctl checks new acme.pods/crowded',
  'podctl checks test crowded.test.yaml',
  "sed -i 's/limit = 20/limit = 2/' crowded.check.mjs",
  'podctl checks test crowded.test.yaml',
];

/** What a terminal shows of it; how long a case took is not the same twice. */
function walked(folder: string): string {
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  fs.symlinkSync(path.join(root, 'dist/podctl.js'), path.join(bin, 'podctl'));
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: '1', COLUMNS: '80' };
  return LINES.map((line) => {
    const { stdout } = spawnSync('sh', ['-c', `${line} 2>&1`], { cwd: folder, env, encoding: 'utf8' });
    return `$ ${line}\n${stdout.replace(/\(\d+ ms\)/g, '(25 ms)')}`;
  }).join('');
}

test('the README shows the first check of somebody as it goes (PODCTL_RECORD=1 writes it)', () => {
  const text = fs.readFileSync(README, 'utf8');
  const walk = walked(temporaryFolder());
  if (process.env.PODCTL_RECORD)
    fs.writeFileSync(
      README,
      text.replace(BETWEEN, (_, open: string, __, close: string) => open + walk + close),
    );
  expect(BETWEEN.exec(fs.readFileSync(README, 'utf8'))?.[2]).toBe(walk);
  expect(walk).toContain('4 of 4 cases hold');
  expect(walk).toContain('FAIL  an ordinary node');
});
