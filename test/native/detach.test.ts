import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import {
  endLater,
  errorOf,
  eventually,
  failing,
  folder,
  hasEnded,
  helped,
  helper,
  type Line,
} from './native.ts';

interface Kept {
  log: string;
  exitFile: string;
  args: string[];
}

function filesIn(at: string): Kept {
  const [log, exitFile] = [path.join(at, 'log'), path.join(at, 'exit')];
  return { log, exitFile, args: ['--detach', '--log', log, '--exit-file', exitFile] };
}

async function detached(
  script: string,
  more: string[] = [],
): Promise<Kept & { line: Line; at: string; pid: number; keeper: number }> {
  const at = folder();
  const kept = filesIn(at);
  const [line = {}] = await helped(['enter', ...kept.args, ...more, '--', 'sh', '-c', script]);
  const [pid, keeper] = [Number(line.pid), Number((line.keeper as Line).pid)];
  endLater(pid);
  endLater(keeper);
  return { ...kept, line, at, pid, keeper };
}

async function recordOf({ exitFile }: Kept): Promise<Line> {
  await eventually(() => fs.existsSync(exitFile)).toBe(true);
  return JSON.parse(fs.readFileSync(exitFile, 'utf8'));
}

const texts = (log: string) =>
  fs
    .readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (std(?:out|err) [PF] .*)$/.exec(line)?.[1]);

it('outlives its caller, writes the log and then the exit record', async () => {
  const kept = await detached('echo one; echo two >&2; sleep 0.1; printf unfinished; exit 3');
  const record = await recordOf(kept);
  expect(record).toEqual({
    pid: kept.pid,
    exitCode: 3,
    signal: 0,
    finishedAt: expect.stringMatching(/^\d{4}-.*T.*\.\d{9}Z$/),
    logLost: 0,
  });
  expect(texts(kept.log).sort()).toEqual(['stderr F two', 'stdout F one', 'stdout F unfinished']);
  expect(fs.statSync(kept.exitFile).mode & 0o777).toBe(0o600);
  expect(fs.readdirSync(kept.at).sort()).toEqual(['exit', 'log']);
  await eventually(() => hasEnded(kept.keeper)).toBe(true);
});

it('cuts long lines into pieces that can be put together again', async () => {
  const kept = await detached('head -c 40000 /dev/zero | tr "\\0" x; echo; echo next');
  await recordOf(kept);
  const pieces = texts(kept.log);
  expect(pieces.map((text) => text?.slice(0, 8))).toEqual(['stdout P', 'stdout P', 'stdout F', 'stdout F']);
  expect(
    pieces
      .slice(0, 3)
      .map((text) => text?.slice(9))
      .join(''),
  ).toBe('x'.repeat(40_000));
});

it('loses no line of a fast writer', async () => {
  const kept = await detached('i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done');
  await recordOf(kept);
  expect(texts(kept.log)).toEqual(Array.from({ length: 20_000 }, (_, i) => `stdout F line ${i}`));
});

it('appends to a log', async () => {
  const first = await detached('echo one');
  await recordOf(first);
  fs.rmSync(first.exitFile);
  await helped(['enter', ...first.args, '--', 'echo', 'two']);
  await recordOf(first);
  expect(texts(first.log)).toEqual(['stdout F one', 'stdout F two']);
});

it('is in a session of its own, holds no file of the caller and none of the namespaces', async () => {
  const kept = await detached('sleep 300', ['--net', '/proc/self/ns/net']);
  const stat = fs.readFileSync(`/proc/${kept.keeper}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  expect(Number(stat[3])).toBe(kept.keeper);
  const files = fs
    .readdirSync(`/proc/${kept.keeper}/fd`)
    .map((fd) => fs.readlinkSync(`/proc/${kept.keeper}/fd/${fd}`));
  const expected = /^(\/dev\/null|pipe:\[\d+\]|anon_inode:\[signalfd\])$/;
  expect(files.filter((file) => !expected.test(file)).sort()).toEqual([kept.at, kept.log].sort());
  expect(fs.readlinkSync(`/proc/${kept.keeper}/cwd`)).toBe('/');
});

it('tells the signal that ended the program, and passes on what it gets itself', async () => {
  const kept = await detached('exec sleep 300');
  process.kill(kept.keeper, 'SIGTERM');
  expect(await recordOf(kept)).toMatchObject({ exitCode: 143, signal: 15 });
});

it('ends what the program leaves behind', async () => {
  const kept = await detached(
    'setsid sleep 300 & echo $!; (setsid sh -c "sleep 300 & sleep 300; :" &) ; sleep 0.3',
  );
  await eventually(() => texts(kept.log).length).toBe(1);
  const left = Number(texts(kept.log)[0]?.split(' ')[2]);
  expect(hasEnded(left)).toBe(false);
  await recordOf(kept);
  expect(hasEnded(left)).toBe(true);
  await eventually(() => hasEnded(kept.keeper)).toBe(true);
});

it('lets the program write on when the disk is full, and counts what is lost', async () => {
  const at = folder();
  const kept = filesIn(at);
  const args = ['--detach', '--log', '/dev/full', '--exit-file', kept.exitFile];
  await helped(['enter', ...args, '--', 'sh', '-c', 'echo 12345; echo 123; exit 0']);
  expect(await recordOf(kept)).toMatchObject({ exitCode: 0, logLost: 8 });
});

it.each([
  ['a program that is not there', [], '/no/such/program', 'missing'],
  ['a log without folder', ['--log', '/no/such/folder/log'], 'true', 'missing'],
  ['an exit file without folder', ['--exit-file', '/no/such/folder/exit'], 'true', 'missing'],
])('starts nothing with %s', async (_, more, program, code) => {
  const at = folder();
  const kept = filesIn(at);
  const ran = await helper(['enter', ...kept.args, ...more, '--', program]);
  expect([ran.code, errorOf(ran)?.code, ran.lines.length]).toEqual([1, code, 1]);
  expect(fs.existsSync(kept.exitFile)).toBe(false);
});

it('does not write over an exit record, or through a link', async () => {
  const at = folder();
  const kept = filesIn(at);
  fs.writeFileSync(kept.exitFile, 'old');
  expect(errorOf(await helper(['enter', ...kept.args, '--', 'true']))?.code).toBe('exists');
  fs.rmSync(kept.exitFile);
  fs.symlinkSync(path.join(at, 'elsewhere'), kept.log);
  expect(errorOf(await helper(['enter', ...kept.args, '--', 'true']))?.code).toBe('link');
  expect(fs.readdirSync(at)).toEqual(['log']);
});

it.each(['signalfd4:error=EMFILE', 'clone:error=EAGAIN', 'pipe2:error=EMFILE'])(
  'starts nothing when a call fails: %s',
  async (fault) => {
    const kept = filesIn(folder());
    const ran = await helper(['enter', ...kept.args, '--', 'true'], { under: failing(fault) });
    expect([ran.code, errorOf(ran)?.code, ran.lines.length]).toEqual([1, 'exhausted', 1]);
    expect(fs.existsSync(kept.exitFile)).toBe(false);
  },
);
