import type { Facts } from '../model/facts.ts';

const TASKS = 'io.containerd.runtime.v2.task/k8s.io';
const CONTAINERD_STATE = '/run/containerd';
const CRIO_RUN_ROOT = '/run/containers/storage';

/** What it takes to know where runtimes keep bundles; undefined: not known. */
export interface BundlePlaces {
  runtime: Facts['runtime'] | undefined;
  runtimeConfig: Facts['runtimeConfig'] | undefined;
  daemons: Facts['daemons'] | undefined;
  bundles: Facts['bundles'] | undefined;
}

/** Folders in which the runtime that speaks CRI keeps a folder by id for what lives, sorted. */
export function bundleFolders({ runtime, runtimeConfig, daemons, bundles }: BundlePlaces): string[] {
  const running = daemons ?? [];
  const crio = running
    .filter(({ kind }) => kind === 'crio')
    .map(({ flags }) => flags.runroot || CRIO_RUN_ROOT);
  const states = [
    CONTAINERD_STATE,
    ...(runtime?.stateDir ? [runtime.stateDir] : []),
    ...(runtimeConfig?.runtime === 'containerd' ? [runtimeConfig.stateDir] : []),
    ...running.flatMap(({ kind, flags }) => (kind === 'containerd' && flags.state ? [flags.state] : [])),
  ];
  const seen = (bundles ?? []).flatMap(({ namespace, dir, id }) => {
    if (namespace === 'k8s.io') return [dir.slice(0, -id.length - 1)];
    return namespace === '' ? [dir.slice(0, dir.lastIndexOf(`/${id}/`))] : [];
  });
  return [
    ...new Set([
      ...states.map((state) => `${state}/${TASKS}`),
      ...crio.map((root) => `${root}/overlay-containers`),
      ...seen,
    ]),
  ].sort();
}
