// Measures what `podctl doctor` costs: user+system CPU of the whole command, beside `node -e 0`.
import { execFile } from 'node:child_process';
import { podctl } from '../e2e/doctor.ts';
import { makePods } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';

const RUNS = 15;
const SIZES = [100, 400];
/** A runtime that has just made hundreds of pods is busy for a while, and shares our cores and caches. */
const SETTLE_MS = 5000;

/** CPU milliseconds (user + system) of one command, its children included. */
function cpuOf(args: string[]): Promise<number> {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null';
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', script, 'bash', process.execPath, ...args], (error, _, stderr) => {
      const [user, system] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      if (error || user === undefined || system === undefined) reject(error ?? new Error(stderr));
      else resolve((user + system) * 1000);
    });
  });
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Medians of alternating runs, so that both meet the same noise. */
async function measure(socket: string): Promise<{ doctor: number; nothing: number }> {
  const doctor: number[] = [];
  const nothing: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    doctor.push(await cpuOf([podctl(), 'doctor', '-r', socket]));
    nothing.push(await cpuOf(['-e', '0']));
  }
  return { doctor: median(doctor), nothing: median(nothing) };
}

async function main(): Promise<void> {
  await withRig('2.x', {}, async (containerd) => {
    console.log(`containerd ${containerd.runtime.version}, node ${process.version}, medians of ${RUNS} runs`);
    console.log('PODS  CONTAINERS  DOCTOR    NODE -E 0  RATIO');
    const seen: { containers: number; doctor: number }[] = [];
    let pods = 0;
    for (const size of SIZES) {
      const names = Array.from({ length: size - pods }, (_, i) => `bench-${pods + i}`);
      const containers = [{ name: 'a' }, { name: 'b' }];
      await makePods(
        containerd,
        names.map((name) => ({ name, containers })),
      );
      pods = size;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const { doctor, nothing } = await measure(containerd.socket);
      seen.push({ containers: pods * 2, doctor });
      const cells = [
        String(pods).padEnd(6),
        String(pods * 2).padEnd(12),
        `${doctor.toFixed(0)} ms`.padEnd(10),
        `${nothing.toFixed(0)} ms`.padEnd(11),
        (doctor / nothing).toFixed(2),
      ];
      console.log(cells.join(''));
    }
    const [small, large] = seen;
    if (!small || !large) return;
    const each = (large.doctor - small.doctor) / (large.containers - small.containers);
    console.log(`${each.toFixed(3)} ms more for each further container`);
  });
}

main().catch((error: unknown) => {
  console.error(`error: the benchmark failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
