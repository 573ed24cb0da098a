import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { KubeletConfigFact } from '../model/facts.ts';
import { flagsIn, PAUSE_FLAG } from '../model/flag-text.ts';
import type { Problem } from '../model/outcome.ts';
import { REMOVED_KUBELET_FLAGS } from '../model/removed-kubelet-flags.ts';
import { isThere } from './config/layout.ts';
import { realPathOr } from './real-path.ts';

type PauseFlag = KubeletConfigFact['pauseFlags'][number];
type OldFlag = NonNullable<KubeletConfigFact['oldFlags']>[number];

export const KUBEADM_FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
/** Files from which kubelet's unit takes its environment. */
const ENVIRONMENT = [KUBEADM_FLAGS, '/etc/default/kubelet', '/etc/sysconfig/kubelet'];
/** Folders of units; what is in an earlier one hides the same name in later ones. */
const UNITS = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
const UNIT = 'kubelet.service';

/** Of a kubelet that does not run, flags that say how it will be set up. */
const KUBELET_FLAGS = [
  'config',
  'config-dir',
  'cgroup-driver',
  'container-runtime-endpoint',
  'image-gc-high-threshold',
  'resolv-conf',
];

const MAX_BYTES = 64 * 1024;
const MOST_FILES = 50;
const MAX_VALUE = 4096;

/**
 * Flags of kubelet's in its unit, the unit's drop-ins and files of its environment: for the pause image, those that a
 * release took away, and by name those that say how it is set up.
 */
export function readFlags(
  host: ReadHost,
  problems: Problem[],
): { pauseFlags: PauseFlag[]; oldFlags: OldFlag[]; flags: Record<string, string> } {
  const seen = new Set<string>();
  const files = [...ENVIRONMENT, ...unitFiles(host, problems)].filter((path) => {
    const real = realPathOr(host, path);
    return !seen.has(real) && seen.add(real);
  });
  const texts = files.slice(0, MOST_FILES).map((file) => ({ file, ...readOr(host, file, problems) }));
  return {
    flags: Object.fromEntries(
      KUBELET_FLAGS.flatMap((flag) => texts.flatMap(({ text }) => stated(text, flag))),
    ),
    pauseFlags: texts.flatMap(({ file, text, mtime }) =>
      pauseFlagsIn(text).map((flag) => ({ file, mtime, ...flag })),
    ),
    oldFlags: texts.flatMap(({ file, text, mtime }) =>
      Object.keys(REMOVED_KUBELET_FLAGS).flatMap((flag) =>
        flagsIn(text, flag).map(({ line }) => ({ flag, file, line, mtime })),
      ),
    ),
  };
}

/** What a flag says, unless that is only known when kubelet is started. */
function stated(text: string, flag: string): [string, string][] {
  return flagsIn(text, flag).flatMap(({ value }) => (value.includes('$') ? [] : [[flag, value]]));
}

function unitFiles(host: ReadHost, problems: Problem[]): string[] {
  const names = new Map<string, string>();
  for (const folder of UNITS) {
    const dropIns = `${UNIT}.d`;
    const below = listOr(host, `${folder}/${dropIns}`, problems)
      .filter((name) => name.endsWith('.conf'))
      .map((name) => `${dropIns}/${name}`);
    const unit = isThere(host, `${folder}/${UNIT}`) ? [UNIT] : [];
    for (const name of [...unit, ...below]) if (!names.has(name)) names.set(name, `${folder}/${name}`);
  }
  return [...names.values()];
}

/** The flag in a unit or environment file, without the quotes around its value. Comments are left out. */
export function pauseFlagsIn(text: string): Pick<PauseFlag, 'line' | 'value'>[] {
  return flagsIn(text, PAUSE_FLAG).map(({ line, value }) => ({ line, value: value.slice(0, MAX_VALUE) }));
}

function readOr(host: ReadHost, path: string, problems: Problem[]): { text: string; mtime: number } {
  try {
    const { mtime } = host.stat(path, { follow: true });
    return { text: host.readFile(path, { follow: true, max: MAX_BYTES }), mtime };
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, path));
    return { text: '', mtime: 0 };
  }
}

function listOr(host: ReadHost, folder: string, problems: Problem[]): string[] {
  try {
    return host.list(folder);
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, folder));
    return [];
  }
}
