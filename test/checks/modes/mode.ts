/** A failure mode of the catalogue, and the check that names it. */
export interface Mode {
  /** Id in the catalogue: IMG-05. */
  mode: string;
  check: string;
  /** The message, where one check has a message of its own for the mode. */
  messageId?: string;
}
