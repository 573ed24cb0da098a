import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { folderFor } from './native.ts';

const at = folderFor('escape');
const driver = path.join(at, 'driver');

beforeAll(() => {
  const sources = ['test/native/escape-driver.c', 'native/ns/escape.c'].map((file) => path.join(root, file));
  const checks = ['-fsanitize=address,undefined', '-fno-sanitize-recover', '-Wall', '-Wextra', '-Werror'];
  execFileSync('cc', ['-g', ...checks, '-o', driver, ...sources]);
});

function escaped(bytes: Buffer): string {
  const { status, stdout, stderr } = spawnSync(driver, { input: bytes, maxBuffer: 1 << 20 });
  expect([status, stderr.toString()]).toEqual([0, '']);
  return stdout.toString('latin1');
}

/** What a decoder makes of the result; it refuses what is no JSON or no UTF-8. */
function readBack(bytes: Buffer): string {
  const json = Buffer.from(`"${escaped(bytes)}"`, 'latin1');
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
}

it.each([
  ['quotes and backslashes', 'a"b\\c', 'a\\"b\\\\c'],
  ['controls', '\x00\x1b[31m\n\x7f', '\\u0000\\u001b[31m\\u000a\\u007f'],
  ['nothing', '', ''],
])('escapes %s', (_, text, expected) => {
  expect(escaped(Buffer.from(text))).toBe(expected);
});

it('keeps text in any script', () => {
  const text = 'pod-ä-日本-😀\u{10ffff}\u07ff\u0800\uffff';
  expect(readBack(Buffer.from(text))).toBe(text);
});

it.each([
  ['a lone continuation', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong of three', [0xe0, 0x80, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ['a cut sequence', [0xe6, 0x97]],
  ['never a start', [0xff, 0xfe]],
])('replaces %s byte by byte', (_, bytes) => {
  expect(readBack(Buffer.from([0x61, ...bytes, 0x62]))).toBe(`a${'\ufffd'.repeat(bytes.length)}b`);
});

it('gives valid JSON and UTF-8 for any bytes', () => {
  for (let i = 0; i < 50; i += 1) {
    const bytes = randomBytes(4096);
    const kept = (text: string) => text.replaceAll('\ufffd', '');
    expect(kept(readBack(bytes))).toBe(kept(bytes.toString('utf8')));
  }
});
