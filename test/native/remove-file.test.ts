import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { identifyFile } from '../../src/host/file-identity.ts';
import { removeFile } from '../../src/native/files.ts';
import { errorOf, folder, helper } from './native.ts';

/** A file in a folder of its own, and what identifies it. */
function made(content = 'id\r\neth0') {
  const at = folder();
  const file = path.join(at, '10.0.0.2');
  fs.writeFileSync(file, content);
  return { at, file, identity: identifyFile(file).file };
}

const remove = (file: string, identity = identifyFile(file).file, lock = '', waitMs = 0) =>
  removeFile({ path: file, file: identity, lock, waitMs });

it.each(['', 'a', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'y'.repeat(200_000)])(
  'removes the file that was meant, and says so when it is gone (%#)',
  async (content) => {
    const { file, identity } = made(content);
    expect(identity.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(await remove(file, identity)).toEqual({ ok: true, value: { path: file, was: 'file' } });
    expect(fs.existsSync(file)).toBe(false);
    expect(await remove(file, identity)).toMatchObject({ ok: true, value: { was: 'missing' } });
    const deeper = path.join(file, 'in', 'it');
    expect(await remove(deeper, identity)).toMatchObject({ ok: true, value: { was: 'missing' } });
  },
);

it('leaves a file alone that was changed, or replaced by one of the same content', async () => {
  const { at, file, identity } = made();
  fs.writeFileSync(file, 'ie\r\neth0');
  expect(await remove(file, identity)).toMatchObject({ ok: false, problem: { reason: 'mismatch' } });
  fs.writeFileSync(path.join(at, 'other'), 'id\r\neth0');
  fs.renameSync(path.join(at, 'other'), file);
  expect(await remove(file, identity)).toMatchObject({ ok: false, problem: { reason: 'mismatch' } });
  expect(fs.readFileSync(file, 'utf8')).toBe('id\r\neth0');
});

it('follows no link, neither at the end nor on the way', async () => {
  const { at, file, identity } = made();
  const kept = path.join(at, 'kept');
  fs.renameSync(file, kept);
  fs.symlinkSync(kept, file);
  expect(await remove(file, identity)).toMatchObject({ ok: false, problem: { reason: 'link' } });
  fs.symlinkSync(at, path.join(at, 'way'));
  const through = path.join(at, 'way', 'kept');
  expect(await remove(through, identity)).toMatchObject({ ok: false, problem: { reason: 'link' } });
  expect(fs.existsSync(kept)).toBe(true);
});

it('refuses a folder and a FIFO, and does not wait for the latter', async () => {
  const { at, file, identity } = made();
  fs.rmSync(file);
  fs.mkdirSync(file);
  expect(await remove(file, identity)).toMatchObject({ ok: false, problem: { reason: 'mismatch' } });
  const fifo = path.join(at, 'fifo');
  execFileSync('mkfifo', [fifo]);
  expect(await remove(fifo, identity)).toMatchObject({ ok: false, problem: { reason: 'mismatch' } });
  expect(fs.readdirSync(at)).toHaveLength(2);
});

it('waits for the lock, but not for ever', async () => {
  const { at, file, identity } = made();
  const lock = path.join(at, 'lock');
  const holder = spawn('flock', [lock, '-c', 'echo held; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await new Promise((done) => holder.stdout.once('data', done));
  expect(await remove(file, identity, lock, 30)).toMatchObject({ ok: false, problem: { reason: 'busy' } });
  expect(fs.existsSync(file)).toBe(true);
  const waiting = remove(file, identity, lock, 20_000);
  holder.stdin.end('\n');
  expect(await waiting).toMatchObject({ ok: true, value: { was: 'file' } });
});

it('takes no link for a lock, and makes one where there is none', async () => {
  const { at, file, identity } = made();
  const lock = path.join(at, 'lock');
  fs.symlinkSync('/etc/passwd', lock);
  expect(await remove(file, identity, lock)).toMatchObject({ ok: false, problem: { reason: 'link' } });
  fs.rmSync(lock);
  expect(await remove(file, identity, lock)).toMatchObject({ ok: true, value: { was: 'file' } });
  expect(fs.readdirSync(at)).toEqual(['lock']);
});

it.each([
  [['--expect', '1:2', '/x']],
  [['--expect', '1:2', '--sha256', 'A'.repeat(64), '/x']],
  [['--expect', '1', '--sha256', 'a'.repeat(64), '/x']],
  [['--expect', '1:2', '--sha256', 'a'.repeat(64), 'x']],
  [['--expect', '1:2', '--sha256', 'a'.repeat(64), '/x/../y']],
  [['--expect', '1:2', '--sha256', 'a'.repeat(64), '--wait-ms', 'x', '/x']],
])('refuses %j', async (args) => {
  const ran = await helper(['remove-file', ...args]);
  expect([ran.code, errorOf(ran)?.code]).toEqual([2, 'usage']);
});
