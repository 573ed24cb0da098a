import type { Facts } from './facts.ts';
import { list, record, type Shape, text } from './shape.ts';
import { texts } from './shapes-common.ts';

type Versions = Facts['pauseVersions'];

/** Which pause belongs to which release. */
export const pauseVersionShapes: { pauseVersions: Shape<Versions> } = {
  pauseVersions: record<Versions>({
    source: text,
    asOf: text,
    kubeadm: texts,
    defaults: record<Versions['defaults']>({ containerd: texts, crio: texts }),
    pinning: record<Versions['pinning']>({ containerd: list(text) }),
    digests: texts,
  }),
};
