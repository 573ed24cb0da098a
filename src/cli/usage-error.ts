/** A fault of the command line or of a file named there: told in one line, exit code 2. */
export class UsageError extends Error {
  /** The next step, one line; '' when the message says it all. */
  readonly hint: string;
  constructor(message: string, hint = '') {
    super(message);
    this.hint = hint;
  }
}
