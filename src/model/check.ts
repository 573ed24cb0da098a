import type { OptionDeclarations } from './check-options.ts';
import type { FactName, Facts } from './facts.ts';
import type { Outcome, Problem } from './outcome.ts';

export type Severity = 'info' | 'warning' | 'error';
export type Risk = 'safe' | 'disruptive' | 'destructive';
export type Verdict = 'pass' | 'found' | 'skipped' | 'unknown';

export type SubjectKind =
  | 'node'
  | 'runtime'
  | 'image'
  | 'file'
  | 'sandbox'
  | 'container'
  | 'process'
  | 'netns'
  | 'reservation'
  | 'link'
  | 'cgroup'
  | 'shim'
  | 'rule';

/**
 * What a finding is about. `id` is full and stable within the node; `name` is for people. A sandbox, a container, a
 * process, a shim and a file with an id in its path are known by their name after a restart: there it holds no id.
 */
export interface Subject {
  kind: SubjectKind;
  id: string;
  name?: string;
}

/** What a person can go and look at: `/proc/412/ns/net` = `net:[4026532177]`. */
export interface Evidence {
  fact: FactName;
  at: string;
  value?: string;
}

/** What an operator would type. Commands are argument lists, never shell text. */
export interface Advice {
  title: string;
  risk: Risk;
  commands: string[][];
}

/** One fault with a subject. The sentence is made elsewhere, from `messageId` and `data`. */
export interface Finding {
  messageId: string;
  /** Overrides the check's severity for this finding. */
  severity?: Severity;
  subject: Subject;
  data: Record<string, string | number | boolean>;
  /** The best first. */
  advice?: Advice[];
  evidence: Evidence[];
}

/** What a check knows besides facts. */
export interface Settings {
  /** Objects younger than this are being made, not leaked. */
  minAgeMs: number;
  /** What the configuration says to this check; a check gets its own alone. */
  options?: CheckOptions;
}

export type CheckOptions = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One fault that shows as others: the others are then told as its consequence. */
export interface Explanation {
  /** Id of a check, all of an area (`cni/*`), or all of them (`*`). */
  check: string;
  /**
   * Key of the findings' data that must have the same value in both; without it the fault explains all of that
   * check's. A check that could not judge has no data: there one of its problems must be that value.
   */
  same?: string;
}

export interface CheckMeta {
  /** `area/noun` of the bad state; equals the path under checks/. */
  id: string;
  /** True when the check passes: "Containers share their sandbox's network namespace". */
  title: string;
  failureTitle: string;
  /** Why an operator should care. */
  why: string;
  /** How it proves a finding, in one or two sentences. */
  proof: string;
  /** Normal states that look alike and are never reported. */
  neverReports: string[];
  severity: Severity;
  tags: string[];
  needs: readonly FactName[];
  wants?: readonly FactName[];
  /** Templates by messageId; `{{key}}` is filled from the finding's data. */
  messages: Record<string, string>;
  /**
   * Keys of the findings' data that tell findings about one subject apart, e.g. `port`. Only what stays the same
   * while the fault does: no counts, pids or times.
   */
  identity?: readonly string[];
  /** What the configuration may say to it, by name. */
  options?: OptionDeclarations;
  /** Checks whose findings, or whose not being able to judge, a finding of this one explains. */
  explains?: readonly Explanation[];
  references: string[];
}

/** What a check's run receives: needed facts as values, wanted facts as outcomes. */
export type FactsFor<N extends FactName, W extends FactName> = { [K in N]: Facts[K] } & {
  [K in W]: Outcome<Facts[K]>;
};

/** Findings, what could not be judged for want of a field, or why the question does not arise here. */
export interface Judgement {
  findings: Finding[];
  problems: Problem[];
  /** Set when there is nothing of the kind on this node: the verdict is `skipped`, with this reason. */
  skipped?: string;
}

/** A rule. `run` is pure and reads no clock: time comes from the facts. */
export interface Check {
  meta: CheckMeta;
  run(facts: Record<string, unknown>, settings: Settings): Finding[] | Judgement;
}

/** A check as the engine takes it: one that others wrote is run elsewhere, and answers later. */
export interface AnyCheck {
  meta: CheckMeta;
  run(
    facts: Record<string, unknown>,
    settings: Settings,
  ): Finding[] | Judgement | Promise<Finding[] | Judgement>;
  /** The file it comes from; without it the check is podctl's own. */
  file?: string;
}

/** Declares a built-in check; the types of `run`'s facts follow from `needs` and `wants`. */
export function defineCheck<const N extends FactName, const W extends FactName = never>(check: {
  meta: Omit<CheckMeta, 'needs' | 'wants'> & { needs: readonly N[]; wants?: readonly W[] };
  run(facts: FactsFor<N, W>, settings: Settings): Finding[] | Judgement;
}): Check {
  return check as unknown as Check;
}
