import type {
  Bundle,
  Daemon,
  EndpointsFact,
  HostFact,
  Process,
  RuntimeConfigFact,
  Sandbox,
  SandboxMeta,
  StoreFact,
} from '../model/facts.ts';
import { completeValue, type Outcome } from '../model/outcome.ts';
import { clockWasSet } from './age.ts';
import { ageOf, initProcesses, isAlive, shimsOf } from './process.ts';

/** What it takes to see sandboxes before the runtime lists them. */
export interface CreationWitnesses {
  sandboxes: Sandbox[];
  processes: Process[];
  host: HostFact;
  endpoints: EndpointsFact;
  store: Outcome<StoreFact>;
  bundles: Outcome<Bundle[]>;
  daemons: Outcome<Daemon[]>;
  runtimeConfig: Outcome<RuntimeConfigFact>;
}

/** A sandbox that the runtime is making, so that it holds its name without being listed. */
export interface Creation {
  id: string;
  meta: SandboxMeta | null;
  /** `recorded`: nothing outside of the runtime shows what it does. `undoing`: it failed and is taken back. */
  stage: 'recorded' | 'network' | 'starting' | 'undoing';
  /** CNI plugin that works for it. */
  plugin: Process | null;
  shim: Process | null;
  /** Since the runtime wrote it down, as far as that can be told. */
  ageMs: number;
}

/** Sandboxes in the making. A record that is older than the daemon is none: a restart ends every attempt. */
export function creationsOf(witnesses: CreationWitnesses): Creation[] {
  const { sandboxes, processes, host, endpoints } = witnesses;
  const listed = new Set(sandboxes.map((s) => s.id));
  const bundles = completeValue(witnesses.bundles);
  const inits = initProcesses(processes, bundles);
  const shims = shimsOf(processes, endpoints.chosen?.path ?? '');
  const folders = new Set(bundles?.map((b) => b.id));
  const plugins = pluginsById(processes);
  const clockLies = clockWasSet(host, sandboxes, (id) => inits.get(id));
  const startedAt = completeValue(witnesses.runtimeConfig)?.daemonStartedAt ?? 0;
  return begun(witnesses, plugins)
    .filter(({ id, createdAt }) => !listed.has(id) && !inits.has(id) && (clockLies || createdAt >= startedAt))
    .map(({ id, name, createdAt }) => {
      const plugin = plugins.get(id) ?? null;
      const shim = shims.get(id) ?? null;
      const ages = [plugin ? ageOf(host, plugin) : 0, clockLies ? 0 : host.now - createdAt];
      const stage = plugin
        ? plugin.cni?.command === 'DEL'
          ? 'undoing'
          : 'network'
        : shim || folders.has(id)
          ? 'starting'
          : 'recorded';
      return { id, meta: metaOf(name), stage, plugin, shim, ageMs: Math.max(...ages) };
    });
}

type Begun = { id: string; name: string | null; createdAt: number };

/** containerd writes a sandbox down before its network; of CRI-O its plugins alone show it. */
function begun({ store, daemons, host }: CreationWitnesses, plugins: Map<string, Process>): Begun[] {
  const known = completeValue(store);
  if (known) return [...known.records.filter((r) => r.name !== null), ...(known.halves ?? [])];
  const crio = new Set((completeValue(daemons) ?? []).filter((d) => d.kind === 'crio').map((d) => d.pid));
  return [...plugins]
    .filter(([, plugin]) => crio.has(plugin.ppid))
    .map(([id]) => ({ id, name: null, createdAt: host.now }));
}

/** The oldest process of each call: what a plugin starts has its environment. */
function pluginsById(processes: Process[]): Map<string, Process> {
  const plugins = new Map<string, Process>();
  for (const process of processes.filter(isAlive)) {
    const id = process.cni?.containerId;
    const found = id === undefined ? undefined : plugins.get(id);
    const isFirst = found === undefined || process.startTicks < found.startTicks;
    if (id !== undefined && (isFirst || found.ppid === process.pid)) plugins.set(id, process);
  }
  return plugins;
}

/** A reserved name is `<pod>_<namespace>_<uid>_<attempt>`; none of the first three can hold a `_`. */
export function metaOf(name: string | null): SandboxMeta | null {
  const [pod, namespace, uid, attempt, ...more] = name?.split('_') ?? [];
  if (!pod || namespace === undefined || uid === undefined || attempt === undefined || more.length > 0)
    return null;
  return { name: pod, namespace, uid, attempt: Number(attempt) || 0 };
}
