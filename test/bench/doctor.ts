import { podctl } from '../e2e/doctor.ts';
import type { Containerd } from '../rig/containerd.ts';
import { makePods } from '../rig/pods.ts';
import { costOf, inMs, median, printTable } from './timing.ts';

const SIZES = [100, 400];
/** A runtime that has just made hundreds of pods is busy for a while, and shares our cores and caches. */
const SETTLE_MS = 5000;

/** What `podctl doctor` costs: user+system CPU of the whole command, beside `node -e 0`. */
export async function benchDoctor(containerd: Containerd, runs: number): Promise<void> {
  const rows = [['PODS', 'CONTAINERS', 'DOCTOR', 'NODE -E 0', 'RATIO']];
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
    const { doctor, nothing } = await measure(containerd.socket, runs);
    seen.push({ containers: pods * 2, doctor });
    rows.push([String(pods), String(pods * 2), inMs(doctor), inMs(nothing), (doctor / nothing).toFixed(2)]);
  }
  printTable(rows);
  const [small, large] = seen;
  if (!small || !large) return;
  const each = (large.doctor - small.doctor) / (large.containers - small.containers);
  console.log(`${each.toFixed(3)} ms more for each further container`);
}

/** Medians of alternating runs, so that both meet the same noise. */
async function measure(socket: string, runs: number): Promise<{ doctor: number; nothing: number }> {
  const doctor: number[] = [];
  const nothing: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    doctor.push((await costOf([podctl(), 'doctor', '-r', socket])).cpu);
    nothing.push((await costOf(['-e', '0'])).cpu);
  }
  return { doctor: median(doctor), nothing: median(nothing) };
}
