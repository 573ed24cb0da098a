// Puts what the demo really prints into README.md, between its markers. Run by hand: npm run transcript
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = `${root}README.md`;
const between = /(<!-- transcript: npm start -->\n```\n)[\s\S]*?(```\n<!-- end of transcript -->)/;

const { status, stdout } = spawnSync(process.execPath, [`${root}dist/dev/demo.js`], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' },
});
if (status !== 0) throw new Error(`the demo ended with exit code ${status}`);
const text = fs.readFileSync(readme, 'utf8');
if (!between.test(text)) throw new Error('README.md has no markers for the transcript');
fs.writeFileSync(
  readme,
  text.replace(between, (_, open, close) => `${open}${stripVTControlCharacters(stdout).trimEnd()}\n${close}`),
);
