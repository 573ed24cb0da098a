import path from 'node:path';
import { repositoryRoot } from '../rig/repository.ts';
import { show, step } from './command.ts';

/** The recorded facts of a broken node; `demo.js --record` makes them anew. */
export function brokenNode(): string {
  return path.join(repositoryRoot(), 'test/demo/broken-node.snapshot.json');
}

/** The demo where no private runtime can be had: this machine as it is, and a recorded node. */
export async function demoWithoutRig(reasons: string[]): Promise<void> {
  console.log('No pod can be made here, so the doctor looks at what there is:');
  for (const reason of reasons) console.log(`  ${reason}`);
  step('The doctor looks at this machine as it is.');
  await show('doctor');
  step('The doctor judges the recorded facts of a broken containerd 2.1 node.');
  const exitCode = await show('doctor', '--from-snapshot', path.relative(process.cwd(), brokenNode()));
  if (exitCode !== 1) throw new Error(`exit 1 was to be expected of a broken node, not ${exitCode}`);
}
