import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { NO_POLICY } from '../../src/check/policy.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { judgeSnapshot } from '../../src/cli/judge.ts';
import type { ReportedFinding } from '../../src/model/report.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { SCENARIOS } from '../e2e/recorded.ts';
import { restarted } from '../support/restarted.ts';

const files = fs.readdirSync(SCENARIOS).filter((file) => file.endsWith('.snapshot.json'));
const read = (file: string): Snapshot => JSON.parse(fs.readFileSync(path.join(SCENARIOS, file), 'utf8'));

async function findingsOf(snapshot: Snapshot): Promise<ReportedFinding[]> {
  return (await judgeSnapshot({ checks: builtinChecks, policy: NO_POLICY }, snapshot)).flatMap(
    ({ findings }) => findings,
  );
}

const known = (findings: ReportedFinding[]) => findings.map(({ fingerprint }) => fingerprint).sort();

/** What is left when its owner is gone: it has nothing but its id, and does not come back. */
const OWNERLESS =
  /^(cgroup\/leaked|cgroup\/occupied|cni\/cache-orphaned|cni\/stale-rule|cni\/dangling-link|netns\/leaked|sandbox\/leaked-shim) /;
/** An id, the number of a process or an attempt, or a name that somebody makes up for each pod. */
const VOLATILE =
  /[0-9a-f]{12,}|[0-9a-f]{8}-[0-9a-f]{4}-|\bveth[0-9a-f]{8}|\/proc\/\d|attempt \d|\b\d{4,5}\b(?!\/(tcp|udp))/;

test('no pod, no runtime and no file of a pod is known by an id that a restart renews', async () => {
  const all = (await Promise.all(files.map((file) => findingsOf(read(file))))).flat();
  expect(all.length).toBeGreaterThan(400);
  const odd = all.filter(
    ({ fingerprint, subject }) =>
      VOLATILE.test(fingerprint) &&
      !OWNERLESS.test(fingerprint) &&
      !/^([0-9a-f]{13}|.*\/(container )?[0-9a-f]{13})$/.test(subject.name ?? ''),
  );
  expect([...new Set(known(odd))]).toEqual([]);
});

test('restarts change no fingerprint', async () => {
  let changed = 0;
  for (const file of files) {
    const before = await findingsOf(read(file));
    const owned = before.map(({ fingerprint }) => fingerprint).join('\n');
    const after = await findingsOf(restarted(read(file), (word) => owned.includes(word.slice(0, 13))));
    expect({ file, known: known(after) }).toEqual({ file, known: known(before) });
    const ids = new Set(before.map(({ subject }) => subject.id));
    changed += after.filter(({ subject }) => !ids.has(subject.id)).length;
  }
  expect(changed).toBeGreaterThan(80);
});

/** Faults of what pods share. */
const OF_THE_NODE = /^\S+ \S+ (node|runtime|image|file|link|reservation) |^runtime\/second-daemon /;

test('the same fault of another pod, or of something else that nobody owns, is another one', async () => {
  let compared = 0;
  for (const file of files) {
    const before = await findingsOf(read(file));
    const after = await findingsOf(
      restarted(
        read(file),
        () => false,
        (name) => `${name}-too`,
      ),
    );
    const mine = before.filter(({ fingerprint }) => !OF_THE_NODE.test(fingerprint));
    const others = new Set(known(after));
    expect({ file, same: known(mine).filter((one) => others.has(one)) }).toEqual({ file, same: [] });
    compared += mine.length;
  }
  expect(compared).toBeGreaterThan(90);
});
