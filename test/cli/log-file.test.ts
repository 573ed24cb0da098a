import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { logWriter, openNodeLog } from '../../src/cli/inside/log-file.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { LogLine } from '../../src/sandbox/logs.ts';
import { temporaryFolder } from '../support/node-tree.ts';

const line = (text: string, tag = 'F') => `2026-11-23T12:00:00.000000001Z stdout ${tag} ${text}\n`;

function texts(lines: LogLine[] | undefined): string[] {
  return (lines ?? []).map(({ text }) => text.toString());
}

test('goes on in the new file after a rotation, and loses nothing', () => {
  const file = path.join(temporaryFolder(), '0.log');
  fs.writeFileSync(file, line('one'));
  const log = openNodeLog(createReadHost(), file);
  expect(texts(log?.more())).toEqual(['one']);
  fs.appendFileSync(file, line('two'));
  fs.renameSync(file, `${file}.20261123`);
  fs.appendFileSync(`${file}.20261123`, line('three'));
  expect(texts(log?.more())).toEqual(['two', 'three']);
  fs.writeFileSync(file, line('four'));
  expect(texts(log?.more())).toEqual(['four']);
  log?.close();
});

test('parts of a line are one line', () => {
  const file = path.join(temporaryFolder(), '0.log');
  fs.writeFileSync(file, line('a', 'P') + line('b', 'P') + line('c'));
  const log = openNodeLog(createReadHost(), file);
  expect(texts(log?.more())).toEqual(['abc']);
  log?.close();
});

test('a line over many reads is whole, and one that never ends is cut at 1 MiB', () => {
  const file = path.join(temporaryFolder(), '0.log');
  fs.writeFileSync(file, line('x'.repeat(300_000)) + line('y'.repeat(3_000_000)) + line('z'));
  const log = openNodeLog(createReadHost(), file);
  const [long, cut, after] = texts(log?.more());
  expect(long).toBe('x'.repeat(300_000));
  expect(cut).toMatch(/^y+$/);
  expect(cut?.length).toBeGreaterThanOrEqual(1024 * 1024);
  expect(cut?.length).toBeLessThan(1024 * 1024 + 100);
  expect(after).toBe('z');
  fs.appendFileSync(file, line('w').slice(0, -1));
  expect(texts(log?.more())).toEqual([]);
  fs.appendFileSync(file, '\n');
  expect(texts(log?.more())).toEqual(['w']);
  log?.close();
});

test('what is no regular file is refused, and what is not there is nothing', () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  fs.symlinkSync('/etc/shadow', at('link'));
  execFileSync('mkfifo', [at('fifo')]);
  fs.mkdirSync(at('folder'));
  const open = (name: string) => () => openNodeLog(createReadHost(), at(name));
  expect(open('link')).toThrow('is a link to /etc/shadow, which is not followed');
  expect(open('fifo')).toThrow('is no regular file');
  expect(open('folder')).toThrow('is no regular file');
  expect(open('none')()).toBeNull();
});

test('below another root a log is found there', () => {
  const root = temporaryFolder();
  fs.mkdirSync(path.join(root, 'var/log/pods'), { recursive: true });
  fs.writeFileSync(path.join(root, 'var/log/pods/0.log'), line('inside'));
  const log = openNodeLog(createReadHost(root), '/var/log/pods/0.log');
  expect(texts(log?.more())).toEqual(['inside']);
  log?.close();
});

test('a terminal is shown colours and nothing that moves it; a pipe gets the bytes', () => {
  const text = Buffer.from('\x1b[31mred\x1b[0m\ta\x1b[2J\x1b]0;x\x07b');
  const written = (isTerminal: boolean) => {
    const out: string[] = [];
    const terminal = {
      env: {},
      isTerminal,
      columns: 80,
      out: (bytes: unknown) => void out.push(String(bytes)),
      err() {},
      errIsTerminal: false,
      canAsk: () => false,
      ask: async () => '',
    };
    logWriter(terminal, { tail: 1, timestamps: false })({ time: '', stream: 'stdout', text });
    return out.join('');
  };
  expect(written(false)).toBe(`${text}\n`);
  expect(written(true)).toBe('\x1b[31mred\x1b[0m\ta\\x1b[2J\\x1b]0;x\\x07b\n');
});
