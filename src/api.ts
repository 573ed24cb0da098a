/** Everything that the author of a check may see. */
export type {
  Advice,
  Check,
  CheckMeta,
  Evidence,
  Finding,
  Judgement,
  Risk,
  Settings,
  Severity,
  Subject,
  SubjectKind,
} from './model/check.ts';
export { defineCheck } from './model/check.ts';
export type * from './model/facts.ts';
export { type NsId, type NsMode, type NsType, nsLink } from './model/namespace.ts';
export { completeValue, type Outcome, type Problem, problem } from './model/outcome.ts';
