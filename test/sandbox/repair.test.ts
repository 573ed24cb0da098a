import { expect, test } from 'vitest';
import type { Action } from '../../src/model/plan.ts';
import type { Attachment, SandboxRecord } from '../../src/model/sandbox.ts';
import { newRecord, planCreate } from '../../src/sandbox/create.ts';
import { driftOf } from '../../src/sandbox/drift.ts';
import type { Observed } from '../../src/sandbox/observe.ts';
import { planRemove } from '../../src/sandbox/remove.ts';
import { planRepair } from '../../src/sandbox/repair.ts';
import { healthy, seen } from './observed.ts';
import { sandboxRecord } from './records.ts';

const NOW = new Date(Date.UTC(2026, 10, 23));
const NETWORK = { kind: 'cni' as const, name: 'net1', file: '', conflist: '{}', binDirs: [] };
const ATTACHED: Attachment = {
  network: 'net1',
  ifName: 'eth0',
  state: 'attached',
  addresses: ['10.1.0.2/24'],
  interfaces: [],
  routes: [],
  result: {},
};

function attached(change: Partial<SandboxRecord> = {}): SandboxRecord {
  const record = sandboxRecord(1);
  return { ...record, spec: { ...record.spec, network: NETWORK }, attachment: ATTACHED, ...change };
}

function repair(record: SandboxRecord, observed: Observed, network: string[] = []) {
  const drift = driftOf(record, observed, network);
  const plan = planRepair(record, observed, drift, { ownNetwork: null, now: NOW });
  return { drift: drift.map((d) => d.kind), kinds: plan.steps.map((s) => s.action.kind), plan };
}

const kinds = (steps: { action: Action }[]) => steps.map((s) => s.action.kind);

test('a sandbox that is as recorded has no drift and gets no steps', () => {
  const { drift, kinds } = repair(attached(), healthy(attached()));
  expect([drift, kinds]).toEqual([[], []]);
});

test('create writes down first, makes next, and is ready last', () => {
  const state = {
    pinsOf: (id: string) => `/s/ns/${id}`,
    folderOf: String,
    podLogs: '/s/pod-logs',
    root: '/s',
    records: '',
    locks: '',
  };
  const { spec } = attached();
  const wanted = { id: 'a'.repeat(64), name: 'web', spec, bootId: 'b', now: NOW };
  const record = newRecord(state, { ...wanted, privileged: true });
  expect(record.net).toEqual({ path: `/s/ns/${record.id}/net`, ns: null });
  const order = ['write-record', 'make-files', 'start-sandbox', 'cni-add'];
  expect(kinds(planCreate(record, NOW).steps)).toEqual(order);
  const alone = newRecord(state, { ...wanted, privileged: false });
  expect(alone.net.path).toBe('');
  expect(kinds(planCreate(alone, NOW).steps)).toContain('start-user-pause');
});

test('rm is the reverse, and skips what is not there', () => {
  const record = attached();
  const options = { force: false, ownNetwork: { bridge: 'podctl0', folder: '/n' }, now: NOW };
  const { steps, risk } = planRemove(record, healthy(record), options);
  expect(risk).toBe('destructive');
  const order = ['set-phase', 'signal', 'cni-del', 'unpin', 'unpin', 'unpin', 'drop-network', 'remove-files'];
  expect(kinds(steps)).toEqual([...order, 'remove-record']);
  const removing = sandboxRecord(1, { phase: 'removing' });
  const nothing = { ...healthy(removing), pause: null, pins: gone() };
  expect(kinds(planRemove(removing, nothing, { ...options, ownNetwork: null }).steps)).toEqual([
    'remove-files',
    'remove-record',
  ]);
});

test('only a forced removal goes on when the network cannot be taken down', () => {
  const record = attached();
  const del = (force: boolean) =>
    planRemove(record, healthy(record), { force, ownNetwork: null, now: NOW }).steps.find(
      (s) => s.action.kind === 'cni-del',
    )?.onFailure;
  expect([del(false), del(true)]).toEqual(['stop', 'go-on']);
});

test('a dead pause is started again in the same namespaces, which is safe', () => {
  const record = attached();
  const { drift, plan } = repair(record, { ...healthy(record), pause: null });
  expect([drift, plan.risk]).toEqual([['pause-dead'], 'safe']);
  expect(plan.steps).toMatchObject([
    {
      action: { kind: 'start-pause', from: { net: record.net.path, user: '' } },
      guards: [
        { kind: 'process-gone', process: record.pause },
        { kind: 'record-is', revision: record.revision },
      ],
    },
  ]);
});

test('a lost pin is made from a survivor, guarded by its identity', () => {
  const record = attached();
  const observed = healthy(record);
  observed.pins.net = { state: 'bare', ns: null };
  const { drift, plan } = repair(record, observed);
  expect(drift).toEqual(['pin-lost']);
  expect(plan.steps).toMatchObject([
    { action: { kind: 'unpin', path: record.net.path, ns: null } },
    {
      action: {
        kind: 'pin',
        from: `/proc/${record.pause?.pid}/ns/net`,
        ns: record.net.ns,
        to: record.net.path,
      },
      guards: [{ kind: 'process-is', process: record.pause }],
    },
  ]);
});

test('what nothing holds any more is made anew, and attached again at the same address', () => {
  const record = attached();
  const lost = {
    ...healthy(record),
    pause: null,
    pins: gone(),
    namespaces: { net: null, ipc: null, uts: null },
  };
  const { drift, kinds, plan } = repair(record, lost);
  expect(drift).toEqual(['namespace-lost', 'namespace-lost', 'namespace-lost', 'pause-dead']);
  expect(kinds).toEqual(['cni-del', 'make-namespaces', 'start-pause', 'cni-add']);
  expect(plan.risk).toBe('disruptive');
  expect(plan.steps[3]?.action).toMatchObject({ again: true });
});

test('network drift, an ADD that was only begun, and one that never was', () => {
  const record = attached();
  expect(repair(record, healthy(record), ['eth0 is down']).kinds).toEqual(['cni-del', 'cni-add']);
  const begun = attached({ attachment: { ...ATTACHED, state: 'begun' } });
  expect(repair(begun, healthy(begun)).kinds).toEqual(['cni-del', 'cni-add']);
  const never = attached({ attachment: null });
  expect(repair(never, healthy(never)).kinds).toEqual(['cni-add']);
});

test('a lost pin is back before plugins take the network down through it', () => {
  const record = attached();
  const observed = healthy(record);
  observed.pins.net = { state: 'missing', ns: null };
  expect(repair(record, observed, ['eth0 is down']).kinds).toEqual(['pin', 'cni-del', 'cni-add']);
});

test('a half-made sandbox is finished; what nobody recorded is ended first', () => {
  const record = attached({ phase: 'creating', pause: null, attachment: null });
  const stray = seen(record, 77, 'pause');
  const worker = seen(record, 78, 'podctl-ns');
  const { plan } = repair(record, { ...healthy(record), strayPauses: [stray], workers: [worker] });
  expect(kinds(plan.steps)).toEqual([
    'signal',
    'signal',
    'make-files',
    'start-pause',
    'cni-add',
    'set-phase',
  ]);
  expect(plan.steps[0]?.action).toMatchObject({ process: { pid: 78 }, signal: 9 });
});

test('a removal that was begun, and a sandbox of another boot, are removed', () => {
  const removing = attached({ phase: 'removing' });
  expect(repair(removing, healthy(removing)).kinds.at(-1)).toBe('remove-record');
  const old = attached();
  const { drift, plan } = repair(old, { ...healthy(old), sameBoot: false, pause: null, pins: gone() });
  expect([drift, kinds(plan.steps)]).toEqual([
    ['other-boot'],
    ['set-phase', 'cni-del', 'remove-files', 'remove-record'],
  ]);
});

test('a stopped sandbox is only touched when something of it lives', () => {
  const record = sandboxRecord(1, { phase: 'stopped' });
  const quiet = { ...healthy(record), pause: null, pins: gone(), shmMounted: false };
  expect(repair(record, quiet).drift).toEqual([]);
  expect(repair(record, healthy(record)).kinds).toEqual(['signal', 'unpin', 'unpin', 'unpin', 'set-phase']);
});

test('without root a survivor is what a new pause joins', () => {
  const record = sandboxRecord(1, { privileged: false });
  const app = seen(record, 42, 'app');
  const observed = { ...healthy(record), pause: null, pins: gone(), others: [app] };
  const { drift, plan } = repair(record, observed);
  expect(drift).toEqual(['pause-dead']);
  expect(plan.steps[0]?.action).toMatchObject({ kind: 'start-pause', from: { user: '/proc/42/ns/user' } });
});

function gone(): Observed['pins'] {
  const missing = { state: 'missing' as const, ns: null };
  return { net: missing, ipc: missing, uts: missing };
}
