// What `npm start` shows: the doctor at work on a real pod, or on a recorded node where none can be made.

import { builtPause } from '../rig/images.ts';
import { type Runtime, runtimes } from '../rig/packages.ts';
import { rigObstacle } from '../rig/rig.ts';
import { record } from './record.ts';
import { demoSandbox, sandboxObstacle } from './sandbox.ts';
import { demoWithRig, INTERRUPTED } from './with-rig.ts';
import { brokenNode, demoWithoutRig } from './without-rig.ts';

const wanted = process.argv[2];

async function main(): Promise<void> {
  if (wanted === '--record') return record(brokenNode());
  if (wanted === '--without-rig') return demoWithoutRig(['it was asked not to (--without-rig)']);
  const noSandbox = sandboxObstacle();
  if (noSandbox === null) await demoSandbox();
  else console.log(`Not shown: ${noSandbox}.`);
  const obstacle = rigObstacle();
  if (obstacle !== null) return demoWithoutRig([obstacle]);
  const { runtime, reasons } = await firstRuntime();
  if (!runtime) return demoWithoutRig(reasons);
  const noPause = await builtPause().then(
    () => null,
    (error: unknown) => String(error),
  );
  return noPause === null ? demoWithRig(runtime) : demoWithoutRig([noPause]);
}

/** The newest containerd that can be had; the others are not fetched. */
async function firstRuntime(): Promise<{ runtime?: Runtime; reasons: string[] }> {
  const reasons: string[] = [];
  for (const line of ['2.x', '1.7', '1.6'] as const) {
    const { available, missing } = await runtimes([line]);
    if (available[0]) return { runtime: available[0], reasons };
    reasons.push(...missing.map((m) => `containerd ${m.version} cannot be had: ${m.reason}`));
  }
  return { reasons };
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message === INTERRUPTED ? message : `error: the demo failed: ${message}`);
  process.exitCode = message === INTERRUPTED ? 130 : 1;
});
