import path from 'node:path';
import { findImage } from '../../derive/image-ref.ts';
import type { RuntimeConfigFact, RuntimeFact } from '../../model/facts.ts';
import { imageEdits } from '../config-edit/place.ts';
import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, RemedyRequest } from '../remedy.ts';
import { daemonOf, pinning } from './image-steps.ts';
import { type Known, known, knownOrNot, notPossible } from './known.ts';
import { restartNotes } from './restart-notes.ts';

type Needed = Known<'runtime' | 'runtimeConfig'>;

/** What to make of one file. */
export interface Wish {
  file: string;
  image: string;
  /** False: the file is only rid of what is ignored in it. */
  states: boolean;
  because: string;
  /** What is to be there before the file is written; else an image that is not here is pulled. */
  first?: Draft[];
}

/** Folder in which k3s and rke2 write the file anew whenever they start. */
const WRITTEN_BY_K3S = '/var/lib/rancher/';

/** A plan that edits one file as `wishOf` says; a refusal where it says so, or the file is not the operator's. */
export function editing(request: RemedyRequest, wishOf: (known: Needed) => Wish | Planned): Planned {
  const found = known(request, 'runtime', 'runtimeConfig');
  if ('refusal' in found) return found;
  const wish = wishOf(found.known);
  if (!('file' in wish)) return wish;
  if (wish.file.startsWith(WRITTEN_BY_K3S))
    return notPossible(
      `${wish.file} is written anew at every start`,
      'name the image with --pause-image, or in the template beside the file',
    );
  return editPlan(request, found.known, wish);
}

function editPlan(request: RemedyRequest, { runtime, runtimeConfig }: Needed, wish: Wish): Planned {
  const [main] = runtimeConfig.files;
  const file = runtimeConfig.files.find(({ path: of }) => of === wish.file);
  if (!main || !file || file.error) return notPossible(`${wish.file} cannot be read`, 'correct it first');
  const { image } = wish;
  const edits = imageEdits(runtimeConfig, runtime.version, file, wish.states ? image : null);
  const write = step(
    {
      kind: 'write-config',
      path: file.path,
      sha256: file.sha256,
      edits,
      backupFolder: backupFolder(main.path),
      check: checkOf(request, runtimeConfig, main.path, image),
    },
    wish.because,
    { guards: [{ kind: 'content-is', path: file.path, sha256: file.sha256 }] },
  );
  const { check, finding, takenAt } = request;
  const basedOn = `the look of ${takenAt}`;
  const notes = restartNotes(request, runtime);
  return {
    plan: planOf({ remedy: check, risk: 'disruptive', subject: finding.subject, basedOn, notes }, [
      ...(wish.first ?? firstPulled(request, runtime.endpoint, image)),
      write,
      ...(wish.states ? thenPinned(request, runtime, image) : []),
    ]),
  };
}

/** An image that is not here must not be what the next start needs. */
function firstPulled(request: RemedyRequest, endpoint: string, image: string): Draft[] {
  const images = knownOrNot(request, 'images');
  if (!images || findImage(images, image)) return [];
  return [step({ kind: 'pull-image', endpoint, image }, 'no sandbox would start without it')];
}

/** containerd pins the image that is configured when it comes, and this one came before. */
function thenPinned(request: RemedyRequest, runtime: RuntimeFact, image: string): Draft[] {
  const images = knownOrNot(request, 'images');
  return images && findImage(images, image)?.pinned ? [] : pinning(request, runtime, image);
}

/** containerd alone prints what it makes of its files. */
function checkOf(request: RemedyRequest, config: RuntimeConfigFact, file: string, sandboxImage: string) {
  const daemon = daemonOf(request, knownOrNot(request, 'runtime')?.endpoint ?? '');
  return config.runtime === 'containerd' && daemon ? { daemon, file, sandboxImage } : null;
}

/** Beside the main file: a runtime may read whatever is in a folder of further files. */
function backupFolder(main: string): string {
  const folder = path.dirname(main);
  return folder.endsWith('.d') ? path.dirname(folder) : folder;
}
