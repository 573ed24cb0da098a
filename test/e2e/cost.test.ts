import path from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { ownShims } from '../rig/belongings.ts';
import type { Containerd } from '../rig/containerd.ts';
import { makePods } from '../rig/pods.ts';
import { commandLine, stateOf, until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { examine } from './doctor.ts';

/** What the checks of network namespaces are made from, and what that is made from in turn. */
const OF_NETNS = [
  'host',
  'pauseVersions',
  'daemons',
  'endpoints',
  'runtimeConfig',
  'cniCache',
  'pins',
  'cniConf',
  'ownSandboxes',
  'runtime',
  'sandboxes',
  'containers',
  'store',
  'processes',
  'bundles',
];

it("checks of network namespaces have their own facts collected, and nobody else's", async () => {
  await withRig('2.x', {}, async (containerd) => {
    const { report } = await examine(containerd, ['netns/*']);
    expect(report.facts.map(({ name }) => name).sort()).toEqual([...OF_NETNS].sort());
  });
});

it('a frozen shim keeps one call waiting, and nothing of the checks', async () => {
  await withRig('2.x', {}, async (containerd) => {
    const [pod] = await makePods(containerd, [{ name: 'frozen' }, { name: 'other' }]);
    const thaw = await freezeShim(containerd, pod?.id ?? '');
    try {
      const { report } = await examine(containerd, ['-t', '1s']);
      expect(failedFacts(report)).toEqual([]);
      expect(report.counts.unknown).toBe(0);
      // Only for a snapshot is every shim asked, by one call, and last.
      const saved = path.join(temporaryFolder(), 'snapshot.json');
      const all = await examine(containerd, ['-t', '1s', '--save-snapshot', saved]);
      expect(failedFacts(all.report)).toEqual([['tasks', 'timeout']]);
    } finally {
      thaw();
    }
  });
});

async function freezeShim(containerd: Containerd, id: string): Promise<() => void> {
  const shim = ownShims(containerd).find((pid) => commandLine(pid).includes(id));
  if (shim === undefined) throw new Error(`there is no shim of ${id}`);
  process.kill(shim, 'SIGSTOP');
  await until('the shim to stand still', () => stateOf(shim) === 'T');
  return () => void process.kill(shim, 'SIGCONT');
}

function failedFacts({ facts }: Report): [string, string][] {
  return facts.flatMap(({ name, status, problems }) =>
    status === 'failed' ? problems.map(({ code }): [string, string] => [name, code]) : [],
  );
}
