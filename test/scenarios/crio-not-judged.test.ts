import { describe, expect, it } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { end, findings, found, look } from '../captures/alter.ts';
import { OF_WEB } from '../captures/crio.ts';
import { type CriCapture, readCapture } from '../captures/load.ts';

const STORE = "cri-o has no store of containerd's kind";

/** What is containerd's alone: the check, its verdict on CRI-O, and what it says of that. */
const OF_CONTAINERD: [check: string, verdict: 'skipped' | 'pass', reason: string][] = [
  ['sandbox/address-unrecorded', 'skipped', STORE],
  ['sandbox/duplicate-name', 'skipped', STORE],
  ['sandbox/record-damaged', 'skipped', STORE],
  ['sandbox/leaked-shim', 'skipped', "cri-o has no shims of containerd's"],
  // A shim is asked over its socket; conmon has none.
  ['sandbox/stopped-shim', 'pass', ''],
  // Only containerd keeps images in namespaces of which it reads one, and takes a label for a pin.
  ['image/wrong-store', 'pass', ''],
  ['image/pin-label', 'pass', ''],
  // Only containerd waits for the lock of its database.
  ['runtime/second-daemon', 'pass', ''],
];

describe('checks that are about containerd, on the captured node crio-1.37', () => {
  it.each(OF_CONTAINERD)('%s: %s', async (id, verdict, reason) => {
    const facts = await look(readCapture('crio-1.37'));
    const checks = builtinChecks.filter(({ meta }) => meta.id === id);
    expect(await runChecks(checks, facts, { minAgeMs: 0 })).toMatchObject([{ id, verdict, reason }]);
  });

  it('no conmon is taken for a shim: not one that is stopped, nor one whose container is gone', async () => {
    const shims = async (capture: CriCapture) =>
      (await findings(await look(capture))).filter(({ subject }) => subject.kind === 'shim');
    const capture = readCapture('crio-1.37');
    const [monitor = 0, app = 0] = OF_WEB;
    const stat = `/proc/${monitor}/stat`;
    capture.files[stat] = capture.files[stat]?.replace(') S ', ') T ') ?? '';
    expect(await shims(capture)).toEqual([]);
    end(capture, app);
    expect(await shims(capture)).toEqual([]);
  });

  it('two dead sandboxes of one name are a pile, and no records of one name', async () => {
    const capture = readCapture('crio-1.37');
    const dead = capture.cri.sandboxes.items.find(({ state }) => state === 'SANDBOX_NOTREADY');
    if (dead) capture.cri.sandboxes.items.push({ ...dead, id: 'e'.repeat(64) });
    expect(await found(await look(capture))).toEqual(['sandbox/notready-pile pile default/old-web']);
  });
});
