import { expect, test } from 'vitest';
import { inhabitantsOf } from '../../src/sandbox/inhabitants.ts';
import { healthy, seen } from './observed.ts';
import { sandboxRecord } from './records.ts';

const record = sandboxRecord(1);
const { pins } = healthy(record);
const missing = { state: 'missing' as const, ns: null };
const unpinned = { net: missing, ipc: missing, uts: missing };
const pause = seen(record, 10, 'pause');
const app = seen(record, 11, 'app');
const child = seen(record, 12, 'child', { ppid: 11, ns: { net: '4:1', ipc: '4:2', uts: '4:3' } });
const stranger = seen(sandboxRecord(2), 13, 'stranger');
const all = [pause, app, child, stranger];
const pids = (found: { inhabitants: { pid: number }[] }) => found.inhabitants.map((p) => p.pid).sort();

test('a pin proves the namespace, and who is in it; children belong to their parents', () => {
  const found = inhabitantsOf(record, pins, [], all, new Set());
  expect(found.namespaces).toEqual({ net: record.net.ns, ipc: record.ipc.ns, uts: record.uts.ns });
  expect(pids(found)).toEqual([10, 11, 12]);
});

test('without pins a process that is known proves it', () => {
  expect(pids(inhabitantsOf(record, unpinned, [pause], all, new Set()))).toEqual([10, 11, 12]);
});

test('a recorded number alone proves nothing: another pod may have it by now', () => {
  const found = inhabitantsOf(record, unpinned, [], all, new Set());
  expect(found).toEqual({ namespaces: { net: null, ipc: null, uts: null }, inhabitants: [] });
});

test('a pin of another namespace than the recorded one is not believed', () => {
  const swapped = { ...pins, net: { state: 'pinned' as const, ns: '4:99' as const } };
  expect(inhabitantsOf(record, swapped, [], all, new Set()).namespaces).toEqual({
    net: record.net.ns,
    ipc: record.ipc.ns,
    uts: record.uts.ns,
  });
  expect(
    inhabitantsOf(record, { ...unpinned, net: swapped.net }, [], all, new Set()).namespaces.net,
  ).toBeNull();
});

test("the machine's own namespaces are nobody's sandbox, whatever is pinned or recorded", () => {
  const foreign = new Set([record.net.ns, record.ipc.ns, record.uts.ns].filter((ns) => ns !== null));
  expect(pids(inhabitantsOf(record, pins, [], all, foreign))).toEqual([]);
});
