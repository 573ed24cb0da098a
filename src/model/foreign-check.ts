import type { Advice, CheckMeta, Evidence, FactsFor, Settings, Severity, Subject } from './check.ts';
import type { FactName } from './facts.ts';
import type { Problem } from './outcome.ts';

/** Message of a finding that brings its own sentence, and its template. */
export const SAID = 'said';
export const SAID_TEMPLATE = '{{message}}';

/** What a check that others wrote says of itself; what it leaves out has a default. */
export interface ForeignMeta
  extends Pick<CheckMeta, 'title' | 'failureTitle' | 'why'>,
    Partial<
      Pick<
        CheckMeta,
        | 'proof'
        | 'neverReports'
        | 'severity'
        | 'tags'
        | 'needs'
        | 'wants'
        | 'messages'
        | 'options'
        | 'explains'
        | 'references'
      >
    > {
  /** `VENDOR.AREA/NOUN` of the bad state, e.g. `acme.netns/too-many`. */
  id: string;
  /** Keys of the findings' data that tell findings about one subject apart. */
  identity?: string[];
}

/** One fault: with the id of a message, or with a sentence of its own. */
export interface ForeignFinding {
  messageId?: string;
  message?: string;
  severity?: Severity;
  /** Default: the node. */
  subject?: Subject;
  data?: Record<string, string | number | boolean>;
  evidence?: Evidence[];
  advice?: Advice[];
}

/** What a check gives: findings, where a text is a sentence about the node; or why it could not judge. */
export type ForeignAnswer =
  | (ForeignFinding | string)[]
  | { findings?: (ForeignFinding | string)[]; problems?: Problem[]; skipped?: string };

/** A value as it is frozen, down to the last part of it. */
export type Frozen<T> = T extends readonly (infer Member)[]
  ? readonly Frozen<Member>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/**
 * Default export of a `*.check.mjs`, alone or in a list. `facts` are frozen, down to the last value: those that it
 * needs are values, those that it wants are outcomes.
 */
export interface ForeignCheck<N extends FactName = FactName, W extends FactName = never> {
  meta: ForeignMeta;
  /** `500ms`, `10s`; default: 2s. */
  timeout?: string;
  run(facts: Frozen<FactsFor<N, W>>, settings: Settings): ForeignAnswer | Promise<ForeignAnswer>;
}
