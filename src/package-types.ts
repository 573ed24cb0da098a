/** What the package `podctl` gives to the authors of checks and to readers of its JSON: types alone. */

export type {
  Advice,
  CheckOptions,
  Evidence,
  Explanation,
  Risk,
  Settings,
  Severity,
  Subject,
  SubjectKind,
} from './model/check.ts';
export type { OptionDeclaration, OptionDeclarations } from './model/check-options.ts';
export type * from './model/facts.ts';
export type {
  ForeignAnswer as Answer,
  ForeignCheck as Check,
  ForeignFinding as Finding,
  ForeignMeta as CheckMeta,
} from './model/foreign-check.ts';
export type { NsId, NsMode, NsType } from './model/namespace.ts';
export type { Outcome, Problem, ProblemCode } from './model/outcome.ts';
export type { Report, ReportedCheck, ReportedFact, ReportedFinding } from './model/report.ts';
export type { Snapshot } from './model/snapshot.ts';
