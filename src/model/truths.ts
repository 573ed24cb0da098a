import type { PodSummary } from './inside.ts';

/** The four that keep their own truth about a pod. */
export const PARTIES = ['kubelet', 'runtime', 'kernel', 'disk'] as const;
export type Party = (typeof PARTIES)[number];

/** What one of them says. `said` '': it has no word about this. `seen` false: it could not be asked. */
export interface Said {
  said: string;
  seen: boolean;
}

/** One question, and what each says to it. */
export interface Truth extends Record<Party, Said> {
  about: string;
  /** How they differ, as a sentence; '' where they agree. */
  differs: string;
}

/** All that is known of one thing, side by side. */
export interface InspectReport {
  thing: { kind: 'pod' | 'container' | 'process'; id: string; title: string };
  /** The pod that it belongs to; null for a process of the node. */
  pod: PodSummary | null;
  truths: Truth[];
  /** Why a party could not be asked, or not for all. */
  unseen: { party: Party; why: string }[];
}

export const NO_WORD: Said = { said: '', seen: true };
export const UNSEEN: Said = { said: '', seen: false };

export function says(said: string): Said {
  return { said, seen: true };
}

/** A question with what was said to it; who is not named has no word. */
export function truth(about: string, words: Partial<Record<Party, Said>>, differs = ''): Truth {
  return { about, kubelet: NO_WORD, runtime: NO_WORD, kernel: NO_WORD, disk: NO_WORD, ...words, differs };
}
