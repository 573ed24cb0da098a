import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadSnapshot, saveSnapshot } from '../../src/cli/snapshot.ts';
import { folderForFile } from '../support/cli.ts';
import { healthyNode } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

const folder = folderForFile();
const snapshot = snapshotOf(healthyNode());

test('what is saved is loaded, and only its owner may read it', () => {
  const file = path.join(folder, 'a.json');
  saveSnapshot(file, snapshot);
  expect(loadSnapshot(file)).toEqual(JSON.parse(JSON.stringify(snapshot)));
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(fs.readdirSync(folder)).toEqual(['a.json']);
});

test.each([
  ['cut short', JSON.stringify(snapshot).slice(0, -100), 'is no snapshot: it is cut short or not JSON'],
  ['no JSON', 'hello', 'is no snapshot: it is not JSON'],
  ['empty', '', 'is no snapshot: it is not JSON'],
  [
    'huge numbers',
    JSON.stringify(snapshot).replace(/"uptime":[\d.]+/, '"uptime":1e999'),
    'facts.host.value.uptime is not a number',
  ],
])('a file that is %s is refused in one line', (_, text, fault) => {
  const file = path.join(folder, 'bad.json');
  fs.writeFileSync(file, text);
  expect(() => loadSnapshot(file)).toThrow(fault);
});

test('a file that cannot be read or written says why', () => {
  expect(() => loadSnapshot(path.join(folder, 'gone.json'))).toThrow(/gone\.json: no such file or folder$/);
  expect(() => loadSnapshot(folder)).toThrow(/: it is a folder$/);
  expect(() => saveSnapshot(path.join(folder, 'no/where.json'), snapshot)).toThrow(/no such file or folder$/);
});

test('a file that is too large is not read', () => {
  const file = path.join(folder, 'large.json');
  fs.closeSync(fs.openSync(file, 'w'));
  fs.truncateSync(file, 256 * 1024 * 1024 + 1);
  expect(() => loadSnapshot(file)).toThrow('it is larger than 268435456 bytes');
});
