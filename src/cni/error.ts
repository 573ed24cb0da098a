/** The verbs of the CNI specification. */
export type CniCommand = 'ADD' | 'DEL' | 'CHECK' | 'GC' | 'STATUS' | 'VERSION';

/** What went wrong, for code; the message is for people. */
export type CniErrorKind =
  | 'bad-config'
  | 'bad-argument'
  | 'no-network'
  | 'no-subnet'
  | 'plugin-missing'
  | 'not-started'
  | 'timed-out'
  | 'too-much-output'
  | 'plugin-error'
  | 'crashed'
  | 'error-on-success'
  | 'garbage'
  | 'foreign-version'
  | 'empty-result'
  | 'unsupported-version'
  | 'already-attached'
  | 'not-attached'
  | 'cache'
  | 'several';

/** Where it went wrong; null where that does not apply. */
export interface CniErrorPlace {
  network: string | null;
  /** Configuration file of the network. */
  file: string | null;
  plugin: string | null;
  command: CniCommand | null;
  /** The plugin's own error code, as the specification numbers them. */
  code: number | null;
}

const NOWHERE: CniErrorPlace = { network: null, file: null, plugin: null, command: null, code: null };

/** A failure of this module. The message names network, file, plugin, cause and next step, without secrets. */
export class CniError extends Error {
  readonly kind: CniErrorKind;
  readonly place: CniErrorPlace;
  /** The single failures, when `kind` is `several`; else empty. */
  readonly parts: readonly CniError[];

  constructor(
    kind: CniErrorKind,
    message: string,
    place: Partial<CniErrorPlace> = {},
    parts: readonly CniError[] = [],
  ) {
    super(message);
    this.name = 'CniError';
    this.kind = kind;
    this.place = { ...NOWHERE, ...place };
    this.parts = parts;
  }
}

/** One error for several; a single one stays what it is. The first is the cause, the others came after it. */
export function joinErrors(errors: readonly CniError[]): CniError | null {
  const [first, ...others] = errors;
  if (first === undefined) return null;
  if (others.length === 0) return first;
  const flat = errors.flatMap((e) => (e.parts.length > 0 ? e.parts : [e]));
  return new CniError('several', flat.map((e) => e.message).join('; also: '), first.place, flat);
}
