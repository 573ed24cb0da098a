import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { known } from './known.ts';
import { wasChanged } from './netns-leaked.ts';

/** cri-dockerd cannot read it, and does without a checkpoint that is not there. */
export const checkpointDamaged: Remedy = {
  check: 'sandbox/checkpoint-damaged',
  messages: null,
  kind: null,
  plan(request) {
    const { finding, takenAt, check } = request;
    const found = known(request, 'criDockerd');
    if ('refusal' in found) return found;
    const { checkpoints } = found.known.criDockerd;
    const one = checkpoints.find(({ path }) => path === finding.subject.id);
    const file = one && one.state !== 'whole' && request.identify(one.path, one.mtime);
    if (!one || !file) return wasChanged([finding.subject.id]);
    const draft = step(
      { kind: 'remove-file', path: one.path, file, lock: '' },
      'cri-dockerd cannot read it',
      {
        guards: [{ kind: 'file-is', path: one.path, file }],
      },
    );
    const basedOn = `the look of ${takenAt}`;
    return { plan: planOf({ remedy: check, risk: 'safe', subject: finding.subject, basedOn }, [draft]) };
  },
};
