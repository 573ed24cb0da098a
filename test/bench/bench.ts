// Measures what podctl costs: `npm run bench`, or `node dist/dev/bench.js sandbox|doctor|report`.
import type { Containerd } from '../rig/containerd.ts';
import { withRig } from '../rig/rig.ts';
import { benchDoctor } from './doctor.ts';
import { benchReport } from './report.ts';
import { benchSandbox } from './sandbox.ts';

const RUNS = 15;
const REPORT_RUNS = 5;
/** What is measured on a real containerd. */
const ON_A_NODE: Record<string, (containerd: Containerd, runs: number) => Promise<void>> = {
  sandbox: benchSandbox,
  doctor: benchDoctor,
};
const REPORT = 'report';

async function main(wanted: string | undefined): Promise<void> {
  const names = [...Object.keys(ON_A_NODE), REPORT];
  const chosen = names.filter((name) => wanted === undefined || name === wanted);
  if (chosen.length === 0) throw new Error(`there is no part ${wanted}: ${names.join(', ')}`);
  const onANode = chosen.flatMap((name) => ON_A_NODE[name] ?? []);
  if (onANode.length > 0)
    await withRig('2.x', {}, async (containerd) => {
      console.log(`containerd ${containerd.runtime.version}, ${conditions(RUNS)}`);
      for (const bench of onANode) await bench(containerd, RUNS);
    });
  if (!chosen.includes(REPORT)) return;
  console.log(conditions(REPORT_RUNS));
  await benchReport(REPORT_RUNS);
}

const conditions = (runs: number) => `node ${process.version}, medians of ${runs} runs`;

main(process.argv[2]).catch((error: unknown) => {
  console.error(`error: the benchmark failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
