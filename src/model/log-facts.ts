/** What a line of a runtime's log may be about; a closed list, see src/collect/log-patterns.ts. */
export type LogEventKind =
  | 'sandbox-image'
  | 'pause-start'
  | 'name-reserved'
  | 'database-locked'
  | 'sandbox-made'
  | 'sandbox-failed'
  | 'storage-wiped';

/** What a runtime said in its log, once or often: the parts that a pattern names, never the line. */
export interface LogEvent {
  kind: LogEventKind;
  /** Named parts: `image`, `host`, `reason`, `name`, `holder`, `program`, as the kind has them. */
  fields: Record<string, string>;
  /** How often, in the part of the log that was read. */
  count: number;
  /** When last, in milliseconds since 1970; null where the line has no time. */
  last: number | null;
}

/** The end of the log that a runtime daemon writes. */
export interface RuntimeLog {
  /** Of the daemon; null for the journal of a unit that does not run. */
  pid: number | null;
  kind: 'containerd' | 'crio';
  /** Path of the file, or the command that shows the journal. */
  source: string;
  events: LogEvent[];
}
