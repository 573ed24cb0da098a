import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readCrictlChoice } from '../../src/collect/crictl-yaml.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const FILE = '/etc/crictl.yaml';

function choice(text: string) {
  const root = temporaryFolder();
  plant(root, { [FILE]: text });
  return readCrictlChoice(createReadHost(root), FILE);
}

test.each([
  ['runtime-endpoint: unix:///run/a.sock\nimage-endpoint: ""\ndebug: false\n', 'unix:///run/a.sock'],
  ['# only a comment\n', null],
  ['', null],
  ['timeout: 10\n', null],
  ['runtime-endpoint: 17\n', null],
  ['- runtime-endpoint\n', null],
  ['__proto__:\n  runtime-endpoint: /run/evil.sock\n', null],
])('%j says %s', async (text, endpoint) => {
  expect(await choice(text)).toEqual({ endpoint, problem: null });
});

test('no file is no problem; a file that is no YAML, a folder or too large is one', async () => {
  const root = temporaryFolder();
  const host = createReadHost(root);
  expect(await readCrictlChoice(host, FILE)).toEqual({ endpoint: null, problem: null });
  fs.mkdirSync(path.join(root, FILE), { recursive: true });
  expect((await readCrictlChoice(host, FILE)).problem?.message).toBe(`cannot read ${FILE}: it is a folder`);
  expect((await choice('a: [1')).problem).toMatchObject({ code: 'malformed', subject: FILE });
  expect((await choice('a'.repeat(2 * 1024 * 1024))).problem?.code).toBe('truncated');
});

test('aliases that multiply themselves are refused', async () => {
  const bomb = Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]`).slice(1);
  const text = `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${bomb.join('\n')}\n`;
  expect((await choice(text)).problem?.code).toBe('malformed');
});
