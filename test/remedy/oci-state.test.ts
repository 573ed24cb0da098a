import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { deleteOciState, ociState } from '../../src/remedy/actions/oci-state.ts';
import type { ActionContext } from '../../src/remedy/context.ts';
import { folder } from '../native/native.ts';

const ID = 'ab'.repeat(32);
const deadline = { timeoutMs: 10_000, signal: new AbortController().signal } as ActionContext;

/** A runtime's root folder with the state of a container, and a program that says how it was called. */
function made() {
  const root = folder();
  fs.mkdirSync(path.join(root, ID));
  const program = path.join(root, 'runc');
  const log = path.join(root, 'calls');
  fs.writeFileSync(program, `#!/bin/sh\necho "$@" > ${log}\n`, { mode: 0o755 });
  const action = {
    kind: 'delete-oci-state' as const,
    programs: ['/nowhere/runc', program],
    root,
    container: ID,
  };
  return { root, program, log, action };
}

it('runs the first program that is there, and has nothing to do twice', async () => {
  const { root, log, action } = made();
  expect(await deleteOciState(action, deadline)).toBe('done');
  expect(fs.readFileSync(log, 'utf8')).toBe(`--root ${root} delete --force ${ID}\n`);
  fs.rmdirSync(ociState(action));
  expect(await deleteOciState(action, deadline)).toBe('nothing');
});

it('runs no program that others may write, and says where it looked for one', async () => {
  const { program, log, action } = made();
  fs.chmodSync(program, 0o777);
  await expect(deleteOciState(action, deadline)).rejects.toThrow('can be written by others');
  fs.rmSync(program);
  await expect(deleteOciState(action, deadline)).rejects.toThrow('there is no runc (/nowhere/runc');
  expect(fs.existsSync(log)).toBe(false);
});

it.each(['', '..', '--help', 'AB'.repeat(32), `${ID}/x`])('takes %j for no id', async (container) => {
  const { log, action } = made();
  await expect(deleteOciState({ ...action, container }, deadline)).rejects.toThrow(
    'is no id of 64 hex digits',
  );
  expect(fs.existsSync(log)).toBe(false);
});
