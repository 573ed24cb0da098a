import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CniError } from '../../src/cni/error.ts';
import { add, del } from '../../src/cni/network.ts';
import { processId } from '../rig/process.ts';
import { networkOf } from './lab.ts';
import { openStubs, type Stubs, sampleResult } from './stub.ts';

let stubs: Stubs;
beforeEach(() => {
  stubs = openStubs();
});
afterEach(() => stubs.close());

const FILE = '/etc/cni/net.d/10-lab.conflist';
const pod = { containerId: 'c1', netns: '/run/netns/x', ifName: 'eth0' };
const GOOD = sampleResult('10.9.0.2/24', '/run/netns/x');

function network(...types: string[]) {
  return networkOf({ cniVersion: '1.1.0', name: 'broken', plugins: types.map((type) => ({ type })) });
}

async function failure(work: Promise<unknown>): Promise<CniError> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: CniError) => error,
  );
}

/** The plugin is the second of a chain: on its failure the first must get its DEL. */
async function addFails(script: string): Promise<CniError> {
  stubs.recorder('first', GOOD);
  stubs.plugin('bad', `[ "$CNI_COMMAND" = ADD ] || { echo "$CNI_COMMAND" >>DIR/bad; exit 0; }\n${script}`);
  const error = await failure(add(stubs.runtime, network('first', 'bad'), pod));
  expect(stubs.calls().map((c) => c.command)).toEqual(['ADD', 'DEL']);
  expect(stubs.read('bad')).toBe('DEL\n');
  expect(stubs.calls()[1]?.conf.prevResult).toEqual(GOOD);
  expect(fs.existsSync(`${stubs.dir}/cache/results/broken-c1-eth0`)).toBe(false);
  return error;
}

describe('a plugin that fails on ADD is named with network, file and cause, and DEL runs', () => {
  it.each([
    [
      'an error result',
      `echo '{"cniVersion":"1.1.0","code":7,"msg":"bad subnet","details":"too small"}'; exit 1`,
      'plugin-error',
      'failed on ADD: bad subnet: too small (CNI error 7); mend the configuration',
    ],
    ['no words', 'exit 3', 'crashed', 'ended with exit code 3 on ADD and said nothing'],
    [
      'words on stderr',
      'echo "no\nluck" >&2; exit 1',
      'crashed',
      'ended with exit code 1 on ADD: no | luck;',
    ],
    ['a signal', 'kill -9 $$', 'crashed', 'was killed by a signal on ADD'],
    [
      'an error result and exit code 0',
      `echo '{"code":11,"msg":"busy"}'`,
      'error-on-success',
      'ended ADD with exit code 0 and yet reported: busy',
    ],
    ['garbage', 'printf "\\033[2Jhello"', 'garbage', 'wrote no JSON on ADD: \\x1b[2Jhello;'],
    ['JSON that is no result', `echo '{"ips":[{"address":"10.0.0.1"}]}'`, 'garbage', 'is no CNI result'],
    ['a list', 'echo "[]"', 'garbage', 'is no CNI result'],
    ['nothing', 'true', 'empty-result', 'gave no result on ADD'],
    ['null', 'echo null', 'empty-result', 'gave no result on ADD'],
    ['nothing but a version', `echo '{"cniVersion":"1.1.0"}'`, 'empty-result', 'gave no result on ADD'],
    [
      'a foreign version',
      `echo '{"cniVersion":"0.4.0","ips":[]}'`,
      'foreign-version',
      'answered ADD in CNI version 0.4.0 and was asked in 1.1.0',
    ],
    [
      '2 MiB',
      'head -c 2097152 /dev/zero',
      'too-much-output',
      'wrote more than 1024 KiB on ADD and was killed',
    ],
  ])('%s', async (_, script, kind, words) => {
    const error = await addFails(script);
    expect(error.message).toContain(
      `network broken (${FILE}): plugin bad ${words.startsWith('is no') ? '' : words}`,
    );
    expect(error.message).toContain(words);
    expect(error).toMatchObject({
      kind,
      place: { network: 'broken', file: FILE, plugin: 'bad', command: 'ADD' },
    });
  });
});

it('kills a plugin that hangs with its children, at its deadline, and still runs DEL', async () => {
  stubs.runtime.timeoutMs = 1000;
  const error = await addFails(
    'sleep 600 & echo $! >DIR/child; sh -c "sleep 600 & echo \\$! >>DIR/child; wait" & wait',
  );
  expect(error).toMatchObject({
    kind: 'timed-out',
    message: expect.stringContaining(
      'plugin bad did not end within 1 s on ADD and was killed with its children',
    ),
  });
  const children = stubs.read('child').trim().split('\n').map(Number);
  expect(children).toHaveLength(2);
  await expect.poll(() => children.map((pid) => processId(pid))).toEqual([null, null]);
});

it('undoes what it began when it is interrupted', async () => {
  const stop = new AbortController();
  stubs.recorder('first', GOOD);
  stubs.plugin('slow', '[ "$CNI_COMMAND" = ADD ] || exit 0; touch DIR/begun; sleep 600');
  const running = failure(add({ ...stubs.runtime, signal: stop.signal }, network('first', 'slow'), pod));
  await expect.poll(() => fs.existsSync(`${stubs.dir}/begun`)).toBe(true);
  stop.abort();
  expect(await running).toMatchObject({
    kind: 'timed-out',
    message: expect.stringContaining('was interrupted'),
  });
  expect(stubs.calls().map((c) => c.command)).toEqual(['ADD', 'DEL']);
});

it('tells also what the DEL after a failed ADD could not undo', async () => {
  stubs.plugin(
    'first',
    `[ "$CNI_COMMAND" = DEL ] && { echo stuck >&2; exit 1; }; echo '${JSON.stringify(GOOD)}'`,
  );
  stubs.plugin('bad', '[ "$CNI_COMMAND" = DEL ] || exit 1');
  const error = await failure(add(stubs.runtime, network('first', 'bad'), pod));
  expect(error.kind).toBe('several');
  expect(error.parts.map((part) => [part.place.plugin, part.place.command])).toEqual([
    ['bad', 'ADD'],
    ['first', 'DEL'],
  ]);
});

it('undoes an ADD that cannot be recorded', async () => {
  stubs.recorder('first', GOOD);
  fs.writeFileSync(`${stubs.dir}/cache`, 'a file where a folder should be');
  const error = await failure(add(stubs.runtime, network('first'), pod));
  expect(error.parts[0] ?? error).toMatchObject({
    kind: 'cache',
    message: expect.stringContaining('cannot record'),
  });
  expect(stubs.calls().map((c) => c.command)).toEqual(['ADD', 'DEL']);
});

it('sends DEL to every plugin in reverse, whichever fails, and keeps the record until all succeeded', async () => {
  const record = `${stubs.dir}/cache/results/broken-c1-eth0`;
  stubs.recorder('a', GOOD);
  stubs.plugin(
    'b',
    `[ "$CNI_COMMAND" = ADD ] && { cat >/dev/null; echo '${JSON.stringify(GOOD)}'; exit; }
[ -e DIR/mended ] || { echo '{"code":5,"msg":"disk"}'; exit 1; }`,
  );
  stubs.recorder('c', GOOD);
  const chain = network('a', 'b', 'c');
  await add(stubs.runtime, chain, pod);
  const error = await failure(del(stubs.runtime, chain, pod));
  expect(error).toMatchObject({ kind: 'plugin-error', place: { plugin: 'b', command: 'DEL', code: 5 } });
  expect(stubs.calls().map((c) => c.plugin + c.command)).toEqual(['aADD', 'cADD', 'cDEL', 'aDEL']);
  expect(fs.existsSync(record)).toBe(true);
  fs.writeFileSync(`${stubs.dir}/mended`, '');
  await del(stubs.runtime, chain, pod);
  expect(fs.existsSync(record)).toBe(false);
});

it('sends DEL although the record is unreadable, and then takes the record away', async () => {
  stubs.recorder('first', GOOD);
  const { cacheFile } = await add(stubs.runtime, network('first'), pod);
  fs.writeFileSync(cacheFile, '');
  await del(stubs.runtime, network('first'), pod);
  const [, last] = stubs.calls();
  expect([last?.command, last?.conf.prevResult]).toEqual(['DEL', undefined]);
  expect(fs.existsSync(cacheFile)).toBe(false);
});

it('runs nothing after it was interrupted', async () => {
  stubs.recorder('first', GOOD);
  const stopped = { ...stubs.runtime, signal: AbortSignal.abort() };
  expect(await failure(add(stopped, network('first'), pod))).toMatchObject({ kind: 'timed-out' });
  expect(stubs.calls().map((c) => c.command)).toEqual(['DEL']);
});

it('takes "container unknown" on DEL for done', async () => {
  stubs.plugin('gone', `echo '{"code":3,"msg":"unknown container"}'; exit 1`);
  await del(stubs.runtime, network('gone'), pod);
});

it('names the folders when a plugin is not there, or not executable', async () => {
  const [bin] = stubs.runtime.binFolders;
  stubs.recorder('first', GOOD);
  expect(await failure(add(stubs.runtime, network('first', 'absent'), pod))).toMatchObject({
    kind: 'plugin-missing',
    message: expect.stringContaining(`plugin "absent" cannot be used: it is not in ${bin}; install it there`),
  });
  expect(stubs.calls()).toEqual([]);
  fs.writeFileSync(`${bin}/flat`, '', { mode: 0o644 });
  expect(await failure(del(stubs.runtime, network('flat'), pod))).toMatchObject({
    kind: 'plugin-missing',
    message: expect.stringContaining('flat is not executable; chmod 755 it'),
  });
  fs.writeFileSync(`${bin}/nothing`, '#!/no/such/interpreter\n', { mode: 0o755 });
  expect(await failure(del(stubs.runtime, network('nothing'), pod))).toMatchObject({ kind: 'not-started' });
});

it('never repeats a secret of the configuration', async () => {
  const conf = {
    type: 'leaky',
    apiToken: 's3cr3t-value',
    nested: { password: ['pass"word'] },
    name: 'n',
    cniVersion: '1.0.0',
  };
  stubs.plugin('leaky', 'cat; cat >&2; exit 1');
  const leaky = networkOf(conf);
  const error = await failure(del(stubs.runtime, leaky, pod));
  expect(error.message).toContain('"apiToken":"***"');
  for (const shown of [error.message, JSON.stringify(leaky), JSON.stringify(error)]) {
    expect(shown).not.toMatch(/s3cr3t|pass.?.?word"\]/);
  }
});
