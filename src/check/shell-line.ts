const PLAIN = /^[\w@%+=:,./-]+$/;

/** A command as a person may paste it into a POSIX shell: what is not plainly harmless is quoted. */
export function shellLine(command: readonly string[]): string {
  return command.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
