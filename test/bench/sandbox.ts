import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { podctl } from '../e2e/doctor.ts';
import type { Containerd } from '../rig/containerd.ts';
import { makePod, removePod } from '../rig/pods.ts';
import { type Cost, costOf, inMs, median, printTable } from './timing.ts';

/** `--network none` may cost so much more than `podctl version`. */
const NONE_MS = 20;
/** The bridge network may cost so much of RunPodSandbox. */
const SHARE = 0.5;

const WORDS = {
  version: 'podctl version',
  none: 'podctl sandbox create --network none',
  bridge: 'podctl sandbox create',
  runtime: 'RunPodSandbox',
} as const;

const WARM_UP = 4;

type What = keyof typeof WORDS;
type Seen = Record<What, Cost[]>;

/**
 * What making a sandbox costs, beside the runtime's RunPodSandbox, with a bridge network each on which there is a
 * neighbour already. Each round does all four, so that all meet the same noise; removal is not counted.
 */
export async function benchSandbox(containerd: Containerd, runs: number): Promise<void> {
  // Where the records are of somebody who names no other folder.
  const dir = fs.mkdtempSync('/run/podctl-bench-');
  const host: Host = { containerd, place: ['--state-dir', path.join(dir, 'state')] };
  const seen: Seen = { version: [], none: [], bridge: [], runtime: [] };
  try {
    await create(host, 'neighbour', 'podctl');
    await makePod(containerd, { name: 'neighbour', containers: [] });
    // The first runs fill caches: of compiled code, and the system's of files.
    for (let run = -WARM_UP; run < runs; run += 1) {
      const round = await measureRound(host, `bench-${run + WARM_UP}`);
      if (run >= 0) for (const what of Object.keys(seen) as What[]) seen[what].push(round[what]);
    }
  } finally {
    await remove(host, ['neighbour']);
    fs.rmSync(dir, { recursive: true, force: true });
  }
  tell(seen, containerd.runtime.version);
}

interface Host {
  containerd: Containerd;
  /** Words that name the state folder. */
  place: string[];
}

async function measureRound(host: Host, name: string): Promise<Record<What, Cost>> {
  try {
    const version = await costOf([podctl(), 'version']);
    const none = await create(host, `${name}-none`, 'none');
    const bridge = await create(host, `${name}-bridge`, 'podctl');
    const begun = performance.now();
    const pod = await makePod(host.containerd, { name, containers: [] });
    const runtime = { wall: performance.now() - begun, cpu: Number.NaN };
    await removePod(host.containerd, pod.id);
    return { version, none, bridge, runtime };
  } finally {
    await remove(host, [`${name}-none`, `${name}-bridge`]);
  }
}

function create({ containerd, place }: Host, name: string, network: string): Promise<Cost> {
  const words = ['--network', network, '--cni-bin-dir', containerd.runtime.cniBin];
  return costOf([podctl(), 'sandbox', 'create', name, ...words, ...place]);
}

async function remove({ place }: Host, names: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [podctl(), 'sandbox', 'rm', '-f', ...names, ...place]);
}

function tell(seen: Seen, runtimeVersion: string): void {
  const wall = (what: What) => median(seen[what].map((cost) => cost.wall));
  const more = (what: What) => wall(what) - wall('version');
  const limit = { none: NONE_MS, bridge: wall('runtime') * SHARE };
  const row = (what: 'none' | 'bridge') => [
    WORDS[what],
    inMs(wall(what)),
    inMs(median(seen[what].map((cost) => cost.cpu))),
    inMs(more(what)),
    `${inMs(limit[what])}, ${more(what) <= limit[what] ? 'met' : 'missed'}`,
  ];
  printTable([
    ['COMMAND', 'WALL', 'CPU', 'LESS VERSION', 'AT MOST'],
    [WORDS.version, inMs(wall('version')), inMs(median(seen.version.map((cost) => cost.cpu))), '', ''],
    row('none'),
    row('bridge'),
    [`${WORDS.runtime} (containerd ${runtimeVersion})`, inMs(wall('runtime')), '', '', ''],
  ]);
  console.log(
    `the bridge network takes ${(more('bridge') / wall('runtime')).toFixed(2)} of ${WORDS.runtime}`,
  );
}
