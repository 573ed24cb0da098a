import type { DaemonKind } from '../model/facts.ts';
import { parseFlags } from './argv.ts';

const KINDS: Readonly<Record<string, DaemonKind>> = {
  containerd: 'containerd',
  crio: 'crio',
  'cri-dockerd': 'cri-dockerd',
  kubelet: 'kubelet',
  dockerd: 'dockerd',
};

/** Programs that play all parts, by the name they are called. */
const MULTI_CALL = new Set(['k3s', 'rke2', 'k0s']);

/** Parts of such a program that are no daemon of ours, although the file may be called containerd. */
const OTHER_PARTS = new Set([...MULTI_CALL, 'k3s-server', 'k3s-agent', 'kubectl', 'crictl', 'ctr']);

/** Which daemon a program may be, by the path of its executable (or its short name) alone. */
export function candidateKind(exe: string): DaemonKind | 'multi-call' | null {
  const name = baseName(exe.endsWith(' (deleted)') ? exe.slice(0, -' (deleted)'.length) : exe);
  if (MULTI_CALL.has(name)) return 'multi-call';
  return Object.hasOwn(KINDS, name) ? (KINDS[name] ?? null) : null;
}

const KNOWN_FLAGS = new Set([
  'config',
  'root',
  'state',
  'address',
  'runroot',
  'listen',
  'config-dir',
  'cni-config-dir',
  'cni-default-network',
  'cni-plugin-dir',
  'hostname-override',
  'container-runtime-endpoint',
  'pod-infra-container-image',
  'root-dir',
  'pod-manifest-path',
  'read-only-port',
  'kubeconfig',
  'resolv-conf',
  'cgroup-driver',
  'clean-shutdown-file',
  'version-file',
  'docker-endpoint',
  'cri-dockerd-root-directory',
  'image-gc-high-threshold',
]);

const SHORT: Readonly<Record<DaemonKind, Readonly<Record<string, string>>>> = {
  containerd: { c: 'config', a: 'address' },
  crio: { c: 'config', d: 'config-dir', r: 'root' },
  'cri-dockerd': {},
  kubelet: {},
  dockerd: {},
};

/** Words with which a program only answers a question and ends. (`-v` of kubelet is how much it logs.) */
const ASKING = ['-h', '--help', '--version', '--version=true'];
const NO_DAEMON: Readonly<Record<DaemonKind, ReadonlySet<string>>> = {
  containerd: new Set([...ASKING, '-v', 'help', 'h', 'config', 'publish', 'oci-hook']),
  crio: new Set([
    ...ASKING,
    '-v',
    'help',
    'h',
    'config',
    'status',
    'version',
    'wipe',
    'check',
    'complete',
    'completion',
    'man',
    'md',
    'markdown',
  ]),
  'cri-dockerd': new Set([...ASKING, '-v']),
  kubelet: new Set(ASKING),
  dockerd: new Set([...ASKING, '-v', '--validate']),
};

/**
 * The daemon behind a command line, with its known flags; null when this run of the program is no daemon
 * (`containerd config dump`, `kubelet --version`) or plays another part.
 */
export function identifyDaemon(
  candidate: DaemonKind | 'multi-call',
  args: readonly string[],
): { kind: DaemonKind; flags: Record<string, string> } | null {
  const called = baseName(args[0] ?? '');
  if (OTHER_PARTS.has(called)) return null;
  const byName = Object.hasOwn(KINDS, called) ? KINDS[called] : undefined;
  const kind = candidate === 'multi-call' ? byName : candidate;
  if (kind === undefined) return null;
  const { flags, rest } = parseFlags(args.slice(1), KNOWN_FLAGS, SHORT[kind]);
  const asks = rest.some((word) => NO_DAEMON[kind].has(word));
  return asks ? null : { kind, flags };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
