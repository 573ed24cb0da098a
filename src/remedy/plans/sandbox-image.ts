import { findImage, fullReference, storedName } from '../../derive/image-ref.ts';
import type { Image, RuntimeFact } from '../../model/facts.ts';
import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { copying, daemonOf, naming, pinning } from './image-steps.ts';
import { known, notPossible } from './known.ts';

const MISSING = 'image/sandbox-image-missing';
const UNPINNED = 'image/sandbox-image-unpinned';

/**
 * The image gets its name back where its content is here, or comes from another namespace. Else it is pulled; where disruptive plans are wanted,
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
    const tag = isContainerd ? naming(request, runtime.endpoint, image, images) : null;
    if (tag !== null) return made(request, [tag, ...pinning(request, runtime, image)]);
    // Nothing else has the digest that a reference names.
    const standsIn = isContainerd && request.risk !== 'safe' && !image.includes('@');
    const pull = step(
      { kind: 'pull-image', endpoint: runtime.endpoint, image },
      'no sandbox starts without it',
      { onFailure: standsIn ? 'go-on' : 'stop' },
    );
    const copy = copying(request, runtime, image);
    return made(request, [
      ...(copy ? [{ ...copy, onFailure: 'go-on' as const }] : []),
      pull,
      ...(standsIn ? imports(request, runtime, image, '') : copy ? pinning(request, runtime, image) : []),
    ]);
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
    const name = image && nameOf(image, reference);
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
  const daemon = daemonOf(request, endpoint);
  const because =
    archive === '' ? "podctl's own pause does the same, without a registry" : 'it was given for this';
  return [
    step({ kind: 'import-image', endpoint, archive, image, daemon, replaces: null }, because),
    ...pinning(request, runtime, image),
  ];
}

/** The name in containerd's image store that a reference leads to, else any of the image. */
function nameOf({ tags, digests }: Image, reference: string): string | undefined {
  const name = storedName(reference);
  return [...tags, ...digests].find((known) => fullReference(known) === name) ?? tags[0] ?? digests[0];
}

function onlyContainerd({ name }: RuntimeFact): string {
  return `${name} has no image store of containerd's: CRI gives images no names or pins`;
}
