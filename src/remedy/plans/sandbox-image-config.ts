import path from 'node:path';
import { servingDaemon } from '../../derive/daemon.ts';
import { findImage, tagOf } from '../../derive/image-ref.ts';
import { placeOf } from '../../derive/sandbox-image.ts';
import type { RuntimeConfigFact } from '../../model/facts.ts';
import { referenceFault } from '../../model/reference.ts';
import { imageEdits } from '../config-edit/place.ts';
import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { type Known, known, knownOrNot, notPossible } from './known.ts';
import { restartNotes } from './restart-notes.ts';

type Needed = Known<'runtime' | 'runtimeConfig'>;

/** What to make of one file. */
interface Wish {
  file: string;
  image: string;
  /** False: the file is only rid of what is ignored in it. */
  states: boolean;
  because: string;
}

/** Folder in which k3s and rke2 write the file anew whenever they start. */
const WRITTEN_BY_K3S = '/var/lib/rancher/';

/** A key that another version of the configuration would read goes to where this one does. */
export const ignoredKey: Remedy = {
  check: 'config/unreadable',
  messages: null,
  kind: null,
  plan(request) {
    const { messageId, subject, data } = request.finding;
    if (messageId !== 'ignoredKey')
      return notPossible('what was meant in a broken file is not known', 'correct it by hand');
    return planned(request, ({ runtimeConfig: { sandboxImage } }) => {
      const value = String(data.value);
      if (sandboxImage === null)
        return notPossible('which image is used is not known', 'correct the files first');
      const isStated = sandboxImage.file !== null;
      if (isStated && sandboxImage.value !== value)
        return notPossible(
          `${placeOf(sandboxImage)} names ${sandboxImage.value} and is honoured`,
          `take ${String(data.key)} out, or name ${value} there`,
        );
      const because = `${String(data.key)} is not read in a file of its version`;
      return { file: subject.id, image: value, states: !isStated, because };
    });
  },
};

/** What the main file says is said in the file that wins. */
export const sandboxImageDrift: Remedy = {
  check: 'config/sandbox-image-drift',
  messages: null,
  kind: null,
  plan(request) {
    const { messageId, data } = request.finding;
    if (messageId === 'undone' || messageId === 'overridden')
      return planned(request, ({ runtimeConfig }) => {
        const lost = runtimeConfig.ignored.find(({ value }) => value === data.stated);
        const file = messageId === 'undone' ? lost?.by : runtimeConfig.sandboxImage?.file;
        if (!file) return notPossible('which file decides is not known', 'look again');
        return {
          file,
          image: String(data.stated),
          states: true,
          because: `it decides, and ${String(data.file)} says so`,
        };
      });
    if (messageId === 'kubeadmWants' && request.finding.severity !== 'info')
      return planned(request, ({ runtimeConfig: { sandboxImage, files } }) => {
        const file = sandboxImage?.file ?? files[0]?.path;
        const reference = String(data.reference);
        const tag = tagOf(reference);
        if (sandboxImage?.value !== reference) return onlyRestart();
        if (file === undefined || tag === null)
          return notPossible('no file names the sandbox image', 'write one');
        const image = `${reference.slice(0, -tag.length)}${String(data.wanted)}`;
        return {
          file,
          image,
          states: true,
          because: `kubeadm of Kubernetes ${String(data.version)} wants it`,
        };
      });
    return onlyRestart();
  },
};

/** What a slip of quoting put around a name is taken off. */
export const malformedImageName: Remedy = {
  check: 'config/malformed-image-name',
  messages: null,
  kind: null,
  plan(request) {
    return planned(request, ({ runtimeConfig: { sandboxImage } }) => {
      const reference = String(request.finding.data.reference);
      const image = reference.replaceAll(/["'`\s]/g, '');
      if (referenceFault(image) !== null)
        return notPossible(`which image "${reference}" is meant to be is not known`, 'correct it by hand');
      if (sandboxImage?.value !== reference || sandboxImage.file === null) return onlyRestart();
      return {
        file: sandboxImage.file,
        image,
        states: true,
        because: 'quotes and spaces are no part of a name',
      };
    });
  },
};

function onlyRestart(): Planned {
  return notPossible(
    'the files say what they should: only a restart of the runtime, or a new sandbox, shows it',
    'restart the runtime when podctl doctor finds nothing else; kubelet makes sandboxes anew as pods are replaced',
  );
}

function planned(request: RemedyRequest, wishOf: (known: Needed) => Wish | Planned): Planned {
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
      ...firstPulled(request, runtime.endpoint, image),
      write,
    ]),
  };
}

/** An image that is not here must not be what the next start needs. */
function firstPulled(request: RemedyRequest, endpoint: string, image: string): Draft[] {
  const images = knownOrNot(request, 'images');
  if (!images || findImage(images, image)) return [];
  return [step({ kind: 'pull-image', endpoint, image }, 'no sandbox would start without it')];
}

/** containerd alone prints what it makes of its files. */
function checkOf(request: RemedyRequest, config: RuntimeConfigFact, file: string, sandboxImage: string) {
  const [daemons, host] = [knownOrNot(request, 'daemons'), knownOrNot(request, 'host')];
  const endpoint = knownOrNot(request, 'runtime')?.endpoint ?? '';
  const serving = servingDaemon(endpoint, daemons, config, host);
  if (config.runtime !== 'containerd' || !serving) return null;
  const { pid, startTicks } = serving;
  return { daemon: { pid, startTicks }, file, sandboxImage };
}

/** Beside the main file: a runtime may read whatever is in a folder of further files. */
function backupFolder(main: string): string {
  const folder = path.dirname(main);
  return folder.endsWith('.d') ? path.dirname(folder) : folder;
}
