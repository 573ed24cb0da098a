import { BIN_FOLDERS } from '../../cni/runtime.ts';
import { bundleFolders } from '../../derive/bundle-folders.ts';
import { runPath } from '../../derive/process.ts';
import type { CniCacheEntry, Pin, Reservation } from '../../model/facts.ts';
import type { Guard } from '../../model/plan.ts';
import type { Refusal, RemedyRequest } from '../remedy.ts';
import { knownOrNot } from './known.ts';

const CACHES = ['/var/lib/cni/results', '/var/lib/cni/cache/results'];

/** What plans against things that were left behind have in common. */
export interface Scene {
  /** '' on a node without a runtime. */
  endpoint: string;
  bundles: string[];
  caches: string[];
  /** Folders of CNI plugins. */
  binDirs: string[];
  entries: CniCacheEntry[];
  reservations: Reservation[];
  pins: Pin[];
  basedOn: string;
}

/** A refusal where the runtime does not answer: nobody can be called ownerless then. */
export function sceneOf(request: RemedyRequest): Scene | { refusal: Refusal } {
  const runtime = request.facts.runtime;
  if (runtime?.status !== 'complete' && runtime?.status !== 'absent')
    return silent(runtime?.status === 'failed' ? runtime.problem.message : 'the runtime does not answer');
  const cached = knownOrNot(request, 'cniCache');
  const binDirs = knownOrNot(request, 'cniConf')?.binDirs ?? [];
  return {
    endpoint: knownOrNot(request, 'runtime')?.endpoint ?? '',
    bundles: bundlesOf(request),
    caches: [...new Set([...CACHES, ...(cached?.folders ?? [])])].sort(),
    binDirs: binDirs.length > 0 ? binDirs : [...BIN_FOLDERS],
    entries: cached?.entries ?? [],
    reservations: knownOrNot(request, 'reservations')?.reservations ?? [],
    pins: knownOrNot(request, 'pins')?.pins ?? [],
    basedOn: `the look of ${request.takenAt}`,
  };
}

/** Where the runtime keeps what lives. */
export function bundlesOf(request: RemedyRequest): string[] {
  return bundleFolders({
    runtime: knownOrNot(request, 'runtime'),
    runtimeConfig: knownOrNot(request, 'runtimeConfig'),
    daemons: knownOrNot(request, 'daemons'),
    bundles: knownOrNot(request, 'bundles'),
  });
}

function silent(reason: string): { refusal: Refusal } {
  return { refusal: { name: 'runtime-silent', reason, surer: 'make the runtime answer, and look again' } };
}

/** The pin at a path, whichever of its names is meant. */
export function pinAt({ pins }: Scene, path: string): Pin | undefined {
  return pins.find((pin) => pin.type === 'net' && runPath(pin.path) === runPath(path));
}

/** Nobody owns the id, and nobody is making it. */
export function ownerless({ endpoint, bundles }: Scene, id: string, netns = ''): Guard[] {
  return [
    { kind: 'no-plugin-runs', id, netns },
    { kind: 'disowned', endpoint, id, bundles },
  ];
}

/** Nobody owns the pinned namespace, nobody is making it, and nobody is in it. */
export function ownerlessPin(
  { endpoint, bundles, caches }: Scene,
  path: string,
  ns: NonNullable<Pin['ns']>,
): Guard[] {
  return [
    { kind: 'no-plugin-runs', id: '', netns: path },
    { kind: 'netns-disowned', endpoint, path, bundles, caches },
    { kind: 'namespace-empty', path, ns },
  ];
}
