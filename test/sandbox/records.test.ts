import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  findSandbox,
  newId,
  requireFreeName,
  requireName,
  requireSandbox,
} from '../../src/sandbox/lookup.ts';
import { listRecords, recordStore } from '../../src/sandbox/records.ts';
import { openState, type StateFolder } from '../../src/sandbox/state-folder.ts';
import { sweep } from '../../src/sandbox/sweep.ts';
import { sandboxRecord } from './records.ts';

let state: StateFolder;
beforeEach(() => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-records-'));
  const opened = openState(dir, { create: true });
  if (!opened) throw new Error('no state folder');
  state = opened;
});
afterEach(() => fs.rmSync(state.root, { recursive: true, force: true }));

test('a record comes back as it was written, one revision later, for its owner alone', () => {
  const store = recordStore(state);
  const written = store.write(sandboxRecord(1, { revision: 6 }));
  expect(written.revision).toBe(7);
  expect(store.read(written.id)).toEqual(written);
  const [file = ''] = fs.readdirSync(state.records);
  expect(fs.statSync(path.join(state.records, file)).mode & 0o777).toBe(0o600);
  store.remove(written.id);
  store.remove(written.id);
  expect(store.read(written.id)).toBeNull();
});

test('records that cannot be understood are named and kept', () => {
  const store = recordStore(state);
  const good = store.write(sandboxRecord(1));
  const cut = store.write(sandboxRecord(2));
  const later = store.write(sandboxRecord(3));
  const damaged = store.write(sandboxRecord(4));
  const file = (id: string) => path.join(state.records, `${id}.json`);
  fs.truncateSync(file(cut.id), 100);
  fs.writeFileSync(file(later.id), JSON.stringify({ ...later, schema: 'podctl.sandbox/v2' }));
  fs.writeFileSync(file(damaged.id), JSON.stringify({ ...damaged, phase: 'dancing' }));
  const kept = fs.readdirSync(state.records);
  const list = listRecords(state);
  expect(list.records).toEqual([good]);
  expect(list.unreadable.map((u) => u.problem.message)).toEqual([
    `the record ${file(cut.id)} is cut off, or no JSON`,
    `the record ${file(later.id)} was written by a later podctl (podctl.sandbox/v2)`,
    `the record ${file(damaged.id)} is damaged: record.phase is not one of creating, ready, stopped, removing`,
  ]);
  expect(() => findSandbox(list, cut.id.slice(0, 6))).toThrow('cut off');
  expect(() => store.read(later.id)).toThrow('later podctl');
  sweep(state);
  expect(fs.readdirSync(state.records)).toEqual(kept);
});

test('a record that is a link, or of another id, is not believed', () => {
  const store = recordStore(state);
  const real = store.write(sandboxRecord(1));
  const id = sandboxRecord(2).id;
  fs.symlinkSync(path.join(state.records, `${real.id}.json`), path.join(state.records, `${id}.json`));
  fs.copyFileSync(
    path.join(state.records, `${real.id}.json`),
    path.join(state.records, `${sandboxRecord(3).id}.json`),
  );
  const list = listRecords(state);
  expect(list.records.map((r) => r.id)).toEqual([real.id]);
  expect(list.unreadable.map((u) => u.problem.code)).toEqual(['malformed', 'malformed']);
});

test('sandboxes are found by name, id and beginning of an id', () => {
  const list = {
    records: [sandboxRecord(0x1a2b), sandboxRecord(0x1a2c), sandboxRecord(5, { name: '1a' })],
    unreadable: [],
  };
  expect(findSandbox(list, 'web-6699')?.id).toBe(list.records[0]?.id);
  expect(findSandbox(list, '1a2c')?.id).toBe(list.records[1]?.id);
  expect(findSandbox(list, '1a')?.name).toBe('1a');
  expect(() => findSandbox(list, '1a2')).toThrow('1a2 begins several ids: 1a2baaaaaaaaa, 1a2caaaaaaaaa');
  expect(findSandbox(list, 'nobody')).toBeNull();
  expect(() => requireSandbox(list, 'nobody')).toThrow('there is no sandbox "nobody"');
  expect(() => requireFreeName(list, 'web-6699')).toThrow('in use by sandbox 1a2b');
});

test('names are DNS labels', () => {
  expect(requireName('name', 'web-1')).toBe('web-1');
  for (const bad of ['', '-a', 'a-', 'A', 'a.b', 'a/b', '../x', 'x'.repeat(64), 'a\u001b[31m'])
    expect(() => requireName('name', bad)).toThrow('is no DNS label');
  expect(newId()).toMatch(/^[0-9a-f]{64}$/);
});

test('files that a killed writer never finished are swept, those of a living one are not', () => {
  const dead = path.join(state.records, '.x.json.4194999.tmp');
  const alive = path.join(state.records, '.x.json.1.tmp');
  for (const file of [dead, alive]) fs.writeFileSync(file, '');
  sweep(state);
  expect([fs.existsSync(dead), fs.existsSync(alive)]).toEqual([false, true]);
});
