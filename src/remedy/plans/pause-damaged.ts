import { findImage } from '../../derive/image-ref.ts';
import { madeFrom } from '../../derive/made-from.ts';
import type { Image, RuntimeFact } from '../../model/facts.ts';
import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { daemonOf, pinning } from './image-steps.ts';
import { known, knownOrNot, notPossible } from './known.ts';

/**
 * The image is unpacked anew where nothing is left that was made from it: until then containerd uses again what it
 * unpacked. Else an archive that was given, or podctl's own pause, takes its name.
 */
export const pauseDamaged: Remedy = {
  check: 'image/pause-damaged',
  messages: null,
  kind: null,
  plan(request) {
    const found = known(request, 'runtime', 'images', 'store');
    if ('refusal' in found) return found;
    const { runtime, images, store } = found.known;
    const reference = request.finding.subject.id;
    if (runtime.name !== 'containerd')
      return notPossible(
        `${runtime.name} unpacks an image anew only when it is pulled`,
        'remove it and pull it, once no pod is left',
      );
    const image = findImage(images, reference);
    if (image === undefined) return notPossible(`${reference} is not here`, 'look again');
    const names = [reference, ...image.tags, ...image.digests];
    const user = store.records.find((record) => madeFrom(record, names, image.id));
    const isUnpackedWrong = !isOfOtherMachine(request);
    if (user === undefined && isUnpackedWrong && request.pauseArchive === null)
      return made(request, [reload(request, runtime, reference, image)], runtime, AFTER_RELOAD);
    if (request.pauseArchive === null && reference.includes('@'))
      return notPossible(
        user
          ? `sandbox ${user.id.slice(0, 13)} was made from it: while one is left, what is damaged is used again`
          : 'nothing else has the digest that is configured',
        'drain the node and remove its sandboxes, or configure another image',
      );
    return made(request, [replace(request, runtime, reference, image)], runtime, AFTER_REPLACE);
  },
};

const AFTER_RELOAD =
  'where it is damaged afterwards as well, the image itself is: --pause-archive FILE puts another one in its place';
const AFTER_REPLACE =
  'sandboxes that run keep the image they were made from; the real one can be pulled again when none of them is left';

function made(request: RemedyRequest, drafts: Draft[], runtime: RuntimeFact, note: string): Planned {
  const { check, finding, takenAt } = request;
  const basedOn = `the look of ${takenAt}`;
  const steps = [...drafts, ...pinning(request, runtime, finding.subject.id)];
  return {
    plan: planOf(
      { remedy: check, risk: 'disruptive', subject: finding.subject, basedOn, notes: [note] },
      steps,
    ),
  };
}

function reload(request: RemedyRequest, { endpoint }: RuntimeFact, image: string, { id }: Image): Draft {
  return step(
    { kind: 'reload-image', endpoint, image, id, daemon: daemonOf(request, endpoint) },
    'its content is intact, and nothing is left that was made from it',
    {
      guards: [
        { kind: 'image-is', endpoint, image, id },
        { kind: 'image-unused', endpoint, image, id },
      ],
    },
  );
}

function replace(request: RemedyRequest, { endpoint }: RuntimeFact, image: string, { id }: Image): Draft {
  const archive = request.pauseArchive ?? '';
  const daemon = daemonOf(request, endpoint);
  return step(
    { kind: 'import-image', endpoint, archive, image, daemon, replaces: id },
    archive === '' ? "podctl's own pause does the same, and is not damaged" : 'it was given for this',
    { guards: [{ kind: 'image-is', endpoint, image, id }] },
  );
}

/** The image says that it is for another machine: unpacked anew it is what it was. */
function isOfOtherMachine(request: RemedyRequest): boolean {
  const [content, host] = [knownOrNot(request, 'pauseContent'), knownOrNot(request, 'host')];
  return content !== undefined && host !== undefined && MACHINES[host.arch] !== undefined
    ? content.architecture !== '' && content.architecture !== MACHINES[host.arch]
    : false;
}

/** How images name the machines that node names. */
const MACHINES: Record<string, string | undefined> = { x64: 'amd64', arm64: 'arm64' };
