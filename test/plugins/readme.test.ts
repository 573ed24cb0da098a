import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/cli.ts';

const SAMPLES = path.join(root, 'test/plugins/samples');
const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
const MOST_LINES = 20;

test.each(fs.readdirSync(SAMPLES))('the README shows %s as it is, and it is short', (name) => {
  const text = fs.readFileSync(path.join(SAMPLES, name), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThan(MOST_LINES);
  // The name of the file stands above it as a comment, where it does not begin with one of its own.
  const body = text.replace(/^#!.*\n/, '').trimEnd();
  expect(readme).toContain(body);
});
