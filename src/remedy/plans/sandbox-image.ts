import { servingDaemon } from '../../derive/daemon.ts';
import { findImage, fullReference } from '../../derive/image-ref.ts';
import { canPin } from '../../derive/pinning.ts';
import type { Image, RuntimeFact, StoreFact } from '../../model/facts.ts';
import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { known, knownOrNot, notPossible } from './known.ts';

const MISSING = 'image/sandbox-image-missing';
const UNPINNED = 'image/sandbox-image-unpinned';

/**
 * The image gets its name back where its content is here. Else it is pulled; where disruptive plans are wanted,
 * podctl's own pause or the given archive stands in when that fails.
 */
export const sandboxImageMissing: Remedy = {
  check: MISSING,
  messages: null,
  kind: null,
  plan(request) {
    const found = known(request, 'runtime', 'images');
    if ('refusal' in found) return found;
    const { runtime, images } = found.known;
    const image = request.finding.subject.id;
    const isContainerd = runtime.name === 'containerd';
    if (request.pauseArchive !== null) {
      if (!isContainerd)
        return notPossible(onlyContainerd(runtime), 'podman load or skopeo copy brings it in');
      return made(request, [...imports(request, runtime, image, request.pauseArchive)]);
    }
    const same = isContainerd ? sameContent(image, images, knownOrNot(request, 'store')) : null;
    if (same !== null) {
      const { endpoint } = runtime;
      const tag = step(
        { kind: 'tag-image', endpoint, from: same.name, to: fullReference(image) },
        same.because,
        {
          guards: [{ kind: 'image-is', endpoint, image: same.name, id: same.id }],
        },
      );
      return made(request, [tag, ...pinning(runtime, image)]);
    }
    const standsIn = isContainerd && request.risk !== 'safe';
    const pull = step(
      { kind: 'pull-image', endpoint: runtime.endpoint, image },
      'no sandbox starts without it',
      { onFailure: standsIn ? 'go-on' : 'stop' },
    );
    return made(request, [pull, ...(standsIn ? imports(request, runtime, image, '') : [])]);
  },
};

export const sandboxImageUnpinned: Remedy = {
  check: UNPINNED,
  messages: null,
  kind: null,
  plan(request) {
    const found = known(request, 'runtime', 'images');
    if ('refusal' in found) return found;
    const { runtime, images } = found.known;
    if (request.finding.messageId === 'cannotPin')
      return notPossible(
        `containerd ${runtime.version} does not know pinned images`,
        'update it to 1.6.22, 1.7.3 or later',
      );
    if (runtime.name !== 'containerd')
      return notPossible(onlyContainerd(runtime), 'set pinned_images in crio.conf');
    const reference = request.finding.subject.id;
    const image = findImage(images, reference);
    const name = image && storedName(image, reference);
    if (!image || name === undefined) return notPossible(`${reference} is not here`, 'look again');
    const { endpoint } = runtime;
    return made(request, [
      step({ kind: 'pin-image', endpoint, image: name }, 'kubelet collects what is not pinned', {
        guards: [{ kind: 'image-is', endpoint, image: name, id: image.id }],
      }),
    ]);
  },
};

function made(request: RemedyRequest, drafts: Draft[]): Planned {
  const { check, finding, takenAt } = request;
  const imports = drafts.some(({ action }) => action.kind === 'import-image');
  const risk = imports ? 'disruptive' : 'safe';
  const basedOn = `the look of ${takenAt}`;
  const notes = imports
    ? [
        'an image that was imported is known by its name only: see its id, and pull the real one when that can be done',
      ]
    : [];
  return { plan: planOf({ remedy: check, risk, subject: finding.subject, basedOn, notes }, drafts) };
}

function imports(request: RemedyRequest, runtime: RuntimeFact, image: string, archive: string): Draft[] {
  const { endpoint } = runtime;
  const serving = servingDaemon(
    endpoint,
    knownOrNot(request, 'daemons'),
    knownOrNot(request, 'runtimeConfig'),
    knownOrNot(request, 'host'),
  );
  const daemon = serving ? { pid: serving.pid, startTicks: serving.startTicks } : null;
  const name = fullReference(image);
  const because =
    archive === '' ? "podctl's own pause does the same, without a registry" : 'it was given for this';
  return [
    step({ kind: 'import-image', endpoint, archive, image: name, daemon }, because),
    ...pinning(runtime, image),
  ];
}

/** Older releases pin only what CRI pulled. */
function pinning({ endpoint, name, version }: RuntimeFact, image: string): Draft[] {
  if (!canPin(name, version)) return [];
  return [
    step(
      { kind: 'pin-image', endpoint, image: fullReference(image) },
      'kubelet collects what is not pinned',
      {
        onFailure: 'go-on',
      },
    ),
  ];
}

/** An image on this node that has the content of a name that is gone: by digest, or by a sandbox made from it. */
function sameContent(
  reference: string,
  images: readonly Image[],
  store: StoreFact | undefined,
): { name: string; id: string; because: string } | null {
  const digest = reference.split('@')[1];
  const record = store?.records.find(
    ({ image, imageId }) => imageId !== null && fullReference(image) === fullReference(reference),
  );
  for (const { id, tags, digests } of images) {
    const [name] = tags;
    if (name === undefined) continue;
    if (digest !== undefined && digests.some((d) => d.endsWith(`@${digest}`)))
      return { name, id, because: `${name} has the digest that is asked for` };
    if (record?.imageId && bare(record.imageId) === bare(id))
      return {
        name,
        id,
        because: `${name} is what sandbox ${record.id.slice(0, 13)} was made from under that name`,
      };
  }
  return null;
}

function bare(id: string): string {
  return id.replace(/^sha256:/, '');
}

/** How containerd's image store calls an image that is wanted under a reference. */
function storedName({ tags, digests }: Image, reference: string): string | undefined {
  const full = fullReference(reference);
  return tags.find((tag) => fullReference(tag) === full) ?? tags[0] ?? digests[0];
}

function onlyContainerd({ name }: RuntimeFact): string {
  return `${name} has no image store of containerd's: CRI gives images no names or pins`;
}
