import fs from 'node:fs';
import path from 'node:path';
import type { Process } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { Containerd } from '../rig/containerd.ts';
import { APP_IMAGE } from '../rig/images.ts';
import { repositoryRoot } from '../rig/repository.ts';
import type { Seen } from './doctor.ts';

/** The text of a snapshot of a rig, to be kept: under the names of a node set up from packages. */
export function recorded(text: string, containerd: Containerd): string {
  const snapshot = JSON.parse(ordinary(text, containerd)) as Snapshot;
  return `${JSON.stringify(anonymous(snapshot), null, 1)}\n`;
}

/** Where `PODCTL_RECORD=1 vitest run test/e2e/faults` keeps what it saw. */
export const SCENARIOS = path.join(repositoryRoot(), 'test/scenarios');

/** A recorded fault beside its snapshot: `<name>.findings.json` holds everything at warning or above. */
export function keepScenario(name: string, containerd: Containerd, snapshot: string, expected: Seen[]): void {
  const words = `${name} ${containerd.runtime.version}`.replaceAll(/[^\w.]+/g, '-');
  const base = path.join(SCENARIOS, words);
  fs.mkdirSync(SCENARIOS, { recursive: true });
  fs.writeFileSync(`${base}.snapshot.json`, recorded(fs.readFileSync(snapshot, 'utf8'), containerd));
  fs.writeFileSync(`${base}.findings.json`, ordinary(`${JSON.stringify(expected, null, 2)}\n`, containerd));
}

/** Paths and names of the rig become those of a node set up from packages. */
function ordinary(text: string, containerd: Containerd): string {
  const names: [string, string][] = [
    [containerd.root, '/var/lib/containerd'],
    [containerd.state, '/run/containerd'],
    [containerd.socket, '/run/containerd/containerd.sock'],
    [containerd.configFile, '/etc/containerd/config.toml'],
    [containerd.runtime.bin.containerd, '/usr/bin/containerd'],
    [containerd.dir, '/etc/containerd'],
    [containerd.cgroupRoot, ''],
    [containerd.cniNetwork, 'pods'],
    [APP_IMAGE, 'registry.example/shop/app:7'],
  ];
  return names.reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

/** Keeps the processes of pods and runtime only, and nothing that tells which machine it was. */
function anonymous(snapshot: Snapshot): Snapshot {
  const { host, processes } = snapshot.facts;
  if (host?.status !== 'complete' || processes?.status !== 'complete') throw new Error('facts are missing');
  const value = { ...host.value, hostname: 'worker-1', kernel: '6.12.0', bootId: null };
  const belongs = (p: Process) => p.containerId !== null || p.shim !== null || p.comm === 'containerd';
  return {
    ...snapshot,
    facts: {
      ...snapshot.facts,
      host: { ...host, value },
      processes: { ...processes, value: processes.value.filter(belongs) },
    },
  };
}
