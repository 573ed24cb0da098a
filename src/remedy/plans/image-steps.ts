import { servingDaemon } from '../../derive/daemon.ts';
import { fullReference, storedName } from '../../derive/image-ref.ts';
import { canPin } from '../../derive/pinning.ts';
import type { Image, RuntimeFact } from '../../model/facts.ts';
import { pauseDigest } from '../../model/pause-versions.ts';
import type { ProcessIdentity } from '../../model/plan.ts';
import { type Draft, step } from '../draft.ts';
import type { RemedyRequest } from '../remedy.ts';
import { knownOrNot } from './known.ts';

/** The process that serves the runtime's socket; null where nobody can tell. */
export function daemonOf(request: RemedyRequest, endpoint: string): ProcessIdentity | null {
  const serving = servingDaemon(
    endpoint,
    knownOrNot(request, 'daemons'),
    knownOrNot(request, 'runtimeConfig'),
    knownOrNot(request, 'host'),
  );
  return serving ? { pid: serving.pid, startTicks: serving.startTicks } : null;
}

/** Older releases pin only what CRI pulled. */
export function pinning(
  request: RemedyRequest,
  { endpoint, name, version }: RuntimeFact,
  image: string,
): Draft[] {
  if (!canPin(name, version, knownOrNot(request, 'pauseVersions'))) return [];
  return [
    step({ kind: 'pin-image', endpoint, image: storedName(image) }, 'kubelet collects what is not pinned', {
      onFailure: 'go-on',
    }),
  ];
}

/** Brings an image from the namespace of containerd that has it; null where none has. */
export function copying(
  request: RemedyRequest,
  { endpoint, name }: RuntimeFact,
  reference: string,
): Draft | null {
  const wanted = fullReference(reference);
  const elsewhere = name === 'containerd' ? (knownOrNot(request, 'imageStore')?.elsewhere ?? []) : [];
  const stray = elsewhere.find((one) => one.store === 'namespace' && fullReference(one.name) === wanted);
  if (!stray || stray.name !== storedName(reference) || stray.digest === '') return null;
  const { place: namespace, name: image, digest } = stray;
  const daemon = daemonOf(request, endpoint);
  return step(
    { kind: 'copy-image', endpoint, namespace, image, digest, daemon },
    `namespace ${namespace} has it, and CRI does not look there`,
    {
      guards: [
        { kind: 'image-is', endpoint, image: reference, id: null },
        { kind: 'stored-image-is', endpoint, namespace, image, digest },
      ],
    },
  );
}

/** Gives a reference to an image on this node that has the content that is wanted, as the digest says; null for none. */
export function naming(
  request: RemedyRequest,
  endpoint: string,
  reference: string,
  images: readonly Image[],
): Draft | null {
  const digest =
    reference.split('@')[1] ?? pauseDigest(fullReference(reference), knownOrNot(request, 'pauseVersions'));
  if (digest === null) return null;
  const image = images.find(
    ({ tags, digests }) => tags.length > 0 && digests.some((d) => d.endsWith(`@${digest}`)),
  );
  const from = image?.tags[0];
  if (!image || from === undefined) return null;
  return step(
    { kind: 'tag-image', endpoint, from, to: storedName(reference) },
    `${from} is the same image: ${digest.slice(0, 19)}`,
    { guards: [{ kind: 'image-is', endpoint, image: from, id: image.id }] },
  );
}
