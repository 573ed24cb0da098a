import type { Facts, KnownPod, PodCgroup } from './facts.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text } from './shape.ts';

type Owners = Facts['podOwners'];

/** Facts about what belongs to pods, and which pods should be. */
export const ownerShapes: { [N in 'cgroups' | 'podOwners']: Shape<Facts[N]> } = {
  cgroups: list(
    record<PodCgroup>({
      path: text,
      uid: text,
      mtime: amount,
      hierarchies: list(text),
      populated: nullable(flag),
      containers: list(text),
      confirmed: flag,
    }),
  ),
  podOwners: record<Owners>({
    kubelet: oneOf('runs', 'installed', 'none'),
    folders: nullable(
      list(record<NonNullable<Owners['folders']>[number]>({ path: text, uid: text, mtime: amount })),
    ),
    manifests: list(record<Owners['manifests'][number]>({ path: text, namespace: text, name: text })),
    pods: nullable(
      list(record<KnownPod>({ uid: text, namespace: text, name: text, phase: text, staticUid: text })),
    ),
    source: text,
    why: text,
  }),
};
