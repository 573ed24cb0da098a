/** A finding that the owner of the node accepts. */
export interface IgnoreRule {
  /** Id of a check, or a glob. */
  check: string;
  /** Name or id of the subject, or a glob; `*` is every one. */
  subject: string;
  reason: string;
  /** The last day on which it holds, as YYYY-MM-DD; '' for ever. */
  until: string;
  /** Where it is written. */
  file: string;
  line: number;
}

/** A file in which somebody else wrote checks. */
export interface CheckFile {
  file: string;
  /** Ids of the checks that it gave. */
  checks: string[];
  /** Why it cannot be used; '' where it can. */
  fault: string;
  /** The command that mends it; [] where there is none. */
  cure: string[];
  /** Of one that cannot be used: others may have written it, its name says that it is none, or it does not load. */
  kind?: 'untrusted' | 'misnamed' | 'broken';
}

/** podctl's own configuration, as far as findings can be about it. */
export interface OwnConfigFact {
  /** The files that were read, the one that says least first. */
  files: string[];
  ignores: IgnoreRule[];
  checkFiles: CheckFile[];
}
