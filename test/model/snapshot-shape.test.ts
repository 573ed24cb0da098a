import { expect, test } from 'vitest';
import { FACT_NAMES } from '../../src/model/fact-shapes.ts';
import { snapshotFault } from '../../src/model/snapshot-shape.ts';
import { addPod, healthyNode } from '../support/node.ts';
import { snapshotOf } from '../support/snapshot.ts';

function good(): ReturnType<typeof JSON.parse> {
  const node = healthyNode();
  addPod(node, 9, 'extra');
  return JSON.parse(JSON.stringify(snapshotOf(node)));
}

test('a snapshot of every fact is accepted', () => {
  expect(Object.keys(good().facts).sort()).toEqual([...FACT_NAMES].sort());
  expect(snapshotFault(good())).toBeNull();
});

test('so are facts that could not be read, and fields that a later version added', () => {
  const value = good();
  value.later = true;
  value.facts.host.value.later = 1;
  value.facts.store = { status: 'absent', reason: 'no containerd', ms: 1 };
  value.facts.images = {
    status: 'failed',
    problem: { code: 'denied', message: 'm', subject: 's' },
    ms: 1,
  };
  value.facts.processes = {
    status: 'partial',
    value: [],
    problems: [{ code: 'denied', message: 'm' }],
    ms: 1,
  };
  expect(snapshotFault(value)).toBeNull();
});

type Change = (value: ReturnType<typeof good>) => void;
const changes: [string, Change, string][] = [
  ['no schema', (v) => delete v.schema, 'it is no snapshot: it has no schema'],
  [
    'another schema',
    (v) => (v.schema = 'podctl.report/v1'),
    'it is no snapshot: its schema is "podctl.report/v1", not podctl.snapshot/v1',
  ],
  [
    'a later schema',
    (v) => (v.schema = 'podctl.snapshot/v2'),
    'was written by a later podctl (podctl.snapshot/v2; this one reads podctl.snapshot/v1)',
  ],
  ['a time that is none', (v) => (v.takenAt = 'now'), 'snapshot.takenAt is not an RFC 3339 time in UTC'],
  ['no settings', (v) => delete v.settings, 'snapshot.settings is missing'],
  [
    'a huge age',
    (v) => (v.settings.minAgeMs = Number.POSITIVE_INFINITY),
    'snapshot.settings.minAgeMs is not a number',
  ],
  ['no facts', (v) => (v.facts = []), 'facts is not an object'],
  [
    'an unknown fact',
    (v) => (v.facts.weather = v.facts.host),
    'facts.weather is no fact that this podctl knows',
  ],
  [
    'an unknown status',
    (v) => (v.facts.host.status = 'fine'),
    'facts.host.status is not one of complete, partial, absent, failed',
  ],
  ['no time', (v) => delete v.facts.host.ms, 'facts.host.ms is not a number'],
  [
    'a word as pid',
    (v) => (v.facts.processes.value[3].pid = '1'),
    'facts.processes.value[3].pid is not a whole number',
  ],
  [
    'half a pid',
    (v) => (v.facts.processes.value[3].pid = 1.5),
    'facts.processes.value[3].pid is not a whole number',
  ],
  [
    'a pid beyond all',
    (v) => (v.facts.processes.value[3].pid = 1e300),
    'facts.processes.value[3].pid is not a whole number',
  ],
  [
    'a missing field',
    (v) => delete v.facts.processes.value[0].comm,
    'facts.processes.value[0].comm is missing',
  ],
  [
    'a namespace that is none',
    (v) => (v.facts.host.value.self.net = '4:x'),
    'facts.host.value.self.net is not a namespace as device:inode',
  ],
  ['a list that is none', (v) => (v.facts.sandboxes.value = {}), 'facts.sandboxes.value is not a list'],
  [
    'a word that is none of ours',
    (v) => (v.facts.sandboxes.value[0].state = 'dead'),
    'facts.sandboxes.value[0].state is not one of ready, notready',
  ],
  ['partial without problems', (v) => (v.facts.host.status = 'partial'), 'facts.host.problems is not a list'],
  [
    'absent without reason',
    (v) => (v.facts.host = { status: 'absent', ms: 1 }),
    'facts.host.reason is not a string of at most 1 MiB',
  ],
  [
    'a problem of no kind',
    (v) => (v.facts.host = { status: 'failed', problem: { code: 'x', message: '' }, ms: 1 }),
    'facts.host.problem.code is not one of timeout, denied, missing, malformed, truncated, unavailable, crashed',
  ],
];

test.each(changes)('%s', (_, change, fault) => {
  const value = good();
  change(value);
  expect(snapshotFault(value)).toBe(fault);
});

test.each(['__proto__', 'constructor', 'prototype'])('the key %s is refused wherever it is', (key) => {
  const text = JSON.stringify(good()).replace('"hostname"', `"${key}":{"polluted":1},"hostname"`);
  expect(snapshotFault(JSON.parse(text))).toBe(`it has the key ${key}, which no snapshot has`);
});

test('endless nesting is refused, not followed', () => {
  const value = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
  expect(snapshotFault({ ...good(), deep: value })).toBe('it is nested too deeply');
});

test.each([null, 1, 'x', [], {}])('%j is no snapshot', (value) => {
  expect(snapshotFault(value)).toBe('it is no snapshot: it has no schema');
});
