import { planOf } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { copying, pinning } from './image-steps.ts';
import { known, notPossible } from './known.ts';

/** The image is copied from containerd's other namespace. Another engine's store is the operator's to export from. */
export const wrongStore: Remedy = {
  check: 'image/wrong-store',
  messages: null,
  kind: null,
  plan(request) {
    const found = known(request, 'runtime');
    if ('refusal' in found) return found;
    const { runtime } = found.known;
    const { check, finding, takenAt } = request;
    const { store, place } = finding.data;
    const reference = finding.subject.id;
    if (finding.messageId === 'engine')
      return notPossible(
        `${String(store)} exports an image under another digest, and only its owner knows whether that is meant`,
        `save it from ${String(store)}, and give the file with --pause-archive`,
      );
    const copy = copying(request, runtime, reference);
    if (copy === null)
      return notPossible(
        `in namespace ${String(place)} it has another spelling of its name`,
        `tag it as ${reference} there, and look again`,
      );
    const basedOn = `the look of ${takenAt}`;
    return {
      plan: planOf({ remedy: check, risk: 'safe', subject: finding.subject, basedOn }, [
        copy,
        ...pinning(request, runtime, reference),
      ]),
    };
  },
};
