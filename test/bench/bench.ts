// Measures what podctl costs on a real containerd: `npm run bench`, or `node dist/dev/bench.js sandbox|doctor`.
import { withRig } from '../rig/rig.ts';
import { benchDoctor } from './doctor.ts';
import { benchSandbox } from './sandbox.ts';

const RUNS = 15;
const PARTS = { sandbox: benchSandbox, doctor: benchDoctor };

async function main(wanted: string | undefined): Promise<void> {
  const parts = Object.entries(PARTS).filter(([name]) => wanted === undefined || name === wanted);
  if (parts.length === 0) throw new Error(`there is no part ${wanted}: ${Object.keys(PARTS).join(', ')}`);
  await withRig('2.x', {}, async (containerd) => {
    console.log(`containerd ${containerd.runtime.version}, node ${process.version}, medians of ${RUNS} runs`);
    for (const [, bench] of parts) await bench(containerd, RUNS);
  });
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(`error: the benchmark failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
