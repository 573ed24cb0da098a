import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { CanaryFact } from '../../src/model/facts.ts';
import type { Report } from '../../src/model/report.ts';
import type { Containerd } from '../rig/containerd.ts';
import { CNI_CACHE, linesOf, namesIn } from '../rig/files.ts';
import { findProcesses, until } from '../rig/process.ts';
import { type Ran, type RunOptions, runPodctl } from '../support/cli.ts';

/** `podctl doctor --active` on a rig, with a state folder of its own. */
export interface CanaryKit {
  state: string;
  run(args?: string[], options?: RunOptions): Promise<Ran>;
  /** The report, and the canary as it was saved. */
  fly(args?: string[]): Promise<{ code: number | null; stderr: string; report: Report; canary: CanaryFact }>;
  /** What is there of canaries, and was not when the kit was made. */
  left(): Promise<string[]>;
}

export function canaryKit(containerd: Containerd): CanaryKit {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-canary-'));
  onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }));
  const state = path.join(dir, 'state');
  const snapshot = path.join(dir, 'snapshot.json');
  const before = ownPlaces(containerd, state);
  const desertedBefore = deserted();
  const run = (args: string[] = [], options: RunOptions = {}) =>
    runPodctl(['doctor', '--active', '-r', containerd.socket, '--state-dir', state, ...args], options);
  return {
    state,
    run,
    async fly(args = []) {
      const { code, stdout, stderr } = await run(['-o', 'json', '--save-snapshot', snapshot, ...args]);
      if (stdout === '') throw new Error(`no report (exit ${code}): ${stderr}`);
      const { facts } = JSON.parse(fs.readFileSync(snapshot, 'utf8'));
      return { code, stderr, report: JSON.parse(stdout), canary: facts.canary.value };
    },
    async left() {
      let found: string[] = [];
      const isClean = async () => {
        found = [
          ...ownPlaces(containerd, state).filter((line) => !before.includes(line)),
          ...deserted().filter((line) => !desertedBefore.includes(line)),
          ...(await podsOf(containerd)),
        ];
        return found.length === 0;
      };
      await until('nothing to be left', isClean, 5000).catch(() => {});
      return found;
    },
  };
}

/** What is told apart from others' by its place: of the rig's network and runtime, and of the state folder. */
function ownPlaces({ ipamDir, cniNetwork, bridge, bundles, socket }: Containerd, state: string): string[] {
  const isOurs = (args: string[]) => args.includes(socket) || args.some((arg) => arg.startsWith(state));
  const isCanarys = (args: string[]) => args[0]?.endsWith('/pause') && args[1] === 'canary';
  return [
    ...namesIn(path.join(ipamDir, cniNetwork)).filter((name) => /^\d/.test(name)),
    ...namesIn(CNI_CACHE).filter((name) => name.startsWith(`${cniNetwork}-`)),
    ...namesIn(`/sys/class/net/${bridge}/brif`),
    ...namesIn(bundles),
    ...findProcesses((args) => isOurs(args) || isCanarys(args) === true).map(({ pid }) => `process ${pid}`),
    ...linesOf('/proc/self/mounts').filter((line) => line.includes(state)),
    ...['records', 'sandboxes', 'ns', 'canary'].flatMap((part) =>
      namesIn(path.join(state, part)).map((name) => `${part}: ${name}`),
    ),
  ];
}

/** Pins and cgroups of anybody's that no process is in. */
function deserted(): string[] {
  const inhabited = new Set(namesIn('/proc').map((pid) => idOf(`/proc/${pid}/ns/net`)));
  const pins = namesIn('/run/netns').map((name) => `/run/netns/${name}`);
  const hierarchies = ['', ...namesIn('/sys/fs/cgroup')].map((name) => `/sys/fs/cgroup/${name}/k8s.io`);
  const cgroups = hierarchies.flatMap((folder) => namesIn(folder).map((name) => path.join(folder, name)));
  return [
    ...pins.filter((pin) => fs.existsSync(pin) && !inhabited.has(idOf(pin))),
    ...cgroups.filter((cgroup) => /\/[0-9a-f]{64}$/.test(cgroup) && isEmpty(cgroup)),
  ];
}

/** '' where it is gone, and where nobody may look. */
function idOf(file: string): string {
  try {
    const { dev, ino } = fs.statSync(file);
    return `${dev}:${ino}`;
  } catch {
    return '';
  }
}

function isEmpty(cgroup: string): boolean {
  return linesOf(path.join(cgroup, 'cgroup.procs')).length === 0;
}

/** Sandboxes of canaries that the runtime lists. */
export async function podsOf({ session }: Containerd): Promise<string[]> {
  const { items } = await session.call('ListPodSandbox', (c, o) => c.runtime.listPodSandbox({}, o));
  return items.flatMap(({ metadata }) => (metadata?.namespace === 'podctl' ? [metadata.name] : []));
}
