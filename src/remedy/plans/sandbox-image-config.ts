import { findImage, pauseTags, tagOf } from '../../derive/image-ref.ts';
import { placeOf } from '../../derive/sandbox-image.ts';
import { referenceFault } from '../../model/reference.ts';
import type { Planned, Remedy } from '../remedy.ts';
import { editing } from './config-plan.ts';
import { knownOrNot, notPossible } from './known.ts';

/** A key that another version of the configuration would read goes to where this one does. */
export const ignoredKey: Remedy = {
  check: 'config/unreadable',
  messages: null,
  kind: null,
  plan(request) {
    const { messageId, subject, data } = request.finding;
    if (messageId !== 'ignoredKey')
      return notPossible('what was meant in a broken file is not known', 'correct it by hand');
    return editing(request, ({ runtimeConfig: { sandboxImage } }) => {
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
      return editing(request, ({ runtimeConfig }) => {
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
      return editing(request, ({ runtimeConfig: { sandboxImage, files } }) => {
        const file = sandboxImage?.file ?? files[0]?.path;
        const reference = String(data.reference);
        const tag = tagOf(reference);
        if (sandboxImage?.value !== reference) return onlyRestart();
        if (file === undefined || tag === null)
          return notPossible('no file names the sandbox image', 'write one');
        const images = knownOrNot(request, 'images') ?? [];
        const same = `${reference.slice(0, -tag.length)}${String(data.wanted)}`;
        const here = pauseTags(images).find((name) => tagOf(name) === data.wanted);
        const image = findImage(images, same) ? same : (here ?? same);
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
    return editing(request, ({ runtimeConfig: { sandboxImage } }) => {
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

/** A restart is the operator's. */
export function onlyRestart(): Planned {
  return notPossible(
    'the files say what they should: only a restart of the runtime, or a new sandbox, shows it',
    'restart the runtime when podctl doctor finds nothing else; kubelet makes sandboxes anew as pods are replaced',
  );
}
