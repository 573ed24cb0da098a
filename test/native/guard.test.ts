import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runGuarded } from '../../src/native/guard.ts';
import { endLater, errorOf, eventually, folder, hasEnded, helper, podctlNs } from './native.ts';

const LONG = { timeoutMs: 30_000, maxOutput: 65_536, env: { PATH: '/usr/bin:/bin' }, cwd: '/', input: '' };

async function guarded(script: string, over: Partial<typeof LONG> = {}) {
  const result = await runGuarded(['sh', '-c', script], { ...LONG, ...over });
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** A process that leaves its session and its parent, and writes its pid down. */
const astray = (file: string) =>
  `(setsid sh -c 'echo $$ > ${file}; exec sleep 600' &) ; while [ ! -s ${file} ]; do sleep 0.01; done; `;
const pidIn = (file: string) => Number(fs.readFileSync(file, 'utf8'));

it('passes on what the program says, its exit code and the signal that ended it', async () => {
  expect(await guarded('cat; echo err >&2; exit 3', { input: 'in' })).toMatchObject({
    exitCode: 3,
    signal: 0,
    stdout: 'in',
    stderr: 'err\n',
    timedOut: false,
    startError: null,
  });
  expect(await guarded('kill -SEGV $$')).toMatchObject({ exitCode: null, signal: 11, startError: null });
});

it('leaves nothing of a program that ends and leaves others behind', async () => {
  const file = path.join(folder(), 'pid');
  const result = await guarded(`${astray(file)} echo done`);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n' });
  expect(hasEnded(pidIn(file))).toBe(true);
});

it('leaves nothing at the deadline, whatever left the session', async () => {
  const file = path.join(folder(), 'pid');
  const result = await guarded(`${astray(file)} trap '' TERM; sleep 600`, { timeoutMs: 500 });
  expect(result).toMatchObject({ exitCode: null, timedOut: true, startError: null });
  await eventually(() => hasEnded(pidIn(file))).toBe(true);
});

it('cuts a flood, and leaves nothing', async () => {
  const file = path.join(folder(), 'pid');
  const result = await guarded(`${astray(file)} cat /dev/zero`);
  expect(result).toMatchObject({ exitCode: null, overflowed: true, timedOut: false, startError: null });
  await eventually(() => hasEnded(pidIn(file))).toBe(true);
});

it('says why a program cannot be run', async () => {
  const missing = await runGuarded(['/no/such/program'], LONG);
  expect(missing).toMatchObject({
    ok: true,
    value: { exitCode: null, startError: expect.stringContaining('/no/such/program: No such file') },
  });
  const bare = await helper(['guard']);
  expect(bare.code).toBe(2);
  expect(errorOf(bare)).toMatchObject({ code: 'usage' });
  expect((await helper(['guard', '--bad'])).code).toBe(2);
});

it('ends with the one who asked for it', async () => {
  const file = path.join(folder(), 'pid');
  const script = `exec 3>/dev/null; ${podctlNs} guard -- sh -c '${astray(file).replaceAll("'", `'\\''`)} sleep 600' & sleep 600`;
  const parent = spawn('sh', ['-c', script], { stdio: 'ignore' });
  endLater(parent.pid ?? 0);
  await eventually(() => fs.existsSync(file) && pidIn(file) > 0).toBe(true);
  parent.kill('SIGKILL');
  await eventually(() => hasEnded(pidIn(file))).toBe(true);
});
