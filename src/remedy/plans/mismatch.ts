import type { Remedy } from '../remedy.ts';
import { notPossible } from './known.ts';

export const netnsMismatch: Remedy = {
  check: 'netns/mismatch',
  messages: null,
  kind: null,
  plan: () =>
    notPossible(
      'a process that runs cannot be moved to another namespace, and why it is there is not known',
      'crictl stop CONTAINER: kubelet starts it again inside its sandbox',
    ),
};
