import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { examine, runDoctor, seenIn } from './doctor.ts';
import type { Fault } from './fault-table.ts';
import { keepScenario } from './recorded.ts';

const { available } = await runtimes();

/** A report without what differs between a run and the same run judged later. */
function timeless(report: Report) {
  return {
    ...report,
    takenAt: '',
    durationMs: 0,
    facts: report.facts.map((fact) => ({ ...fact, ms: 0 })),
    checks: report.checks.map((check) => ({ ...check, ms: 0 })),
  };
}

/** Breaks a real node in every way of a table, looks, and judges the saved snapshot again. */
export function describeFaults(faults: readonly Fault[]): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-e2e-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const linesOf = (fault: Fault) => [
    ...fault.lines,
    ...(process.env.PODCTL_RECORD ? (fault.recordedOn ?? []) : []),
  ];
  const used = available
    .map(({ line }) => line)
    .filter((line) => faults.some((f) => linesOf(f).includes(line)));
  describe.each(used)('containerd %s', (line: Line) => {
    it.each(faults.filter((fault) => linesOf(fault).includes(line)))('$name', async (fault) => {
      const options = {
        ...(fault.images && { sandboxImages: fault.images }),
        ...(fault.mounts && { mounts: fault.mounts }),
        ...(fault.firewall && { firewall: fault.firewall }),
      };
      await withRig(line, options, async (containerd) => {
        await makePod(containerd, { name: 'bystander', containers: [{ name: 'a' }, { name: 'b' }] });
        const expected = await fault.make(containerd);
        const snapshot = path.join(folder, 'snapshot.json');
        const age = fault.needsAge ? ['--min-age', '0s'] : [];
        const live = await examine(containerd, [...age, '--save-snapshot', snapshot]);
        expect(seenIn(live.report)).toEqual(expected);
        const unknown = live.report.checks.filter((c) => c.verdict === 'unknown');
        expect({
          exitCode: live.exitCode,
          unknown: live.exitCode === 3 ? unknown.map((c) => `${c.id}: ${c.reason}`) : [],
        }).toEqual({ exitCode: expected.some((f) => f.severity === 'error') ? 1 : 0, unknown: [] });

        const later = await runDoctor(['--from-snapshot', snapshot]);
        expect(timeless(later.report)).toEqual(timeless(live.report));
        expect(later.exitCode).toBe(live.exitCode);
        if (process.env.PODCTL_RECORD) keepScenario(fault.name, containerd, snapshot, expected);
      });
    });
  });
}
