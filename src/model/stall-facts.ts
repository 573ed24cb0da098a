/** A thread that waits in the kernel and cannot be interrupted: twice seen, and not once scheduled in between. */
export interface StalledThread {
  pid: number;
  tid: number;
  /** Name of the process. */
  comm: string;
  /** Whose it is: the runtime's daemon, a shim, or a program that one of them runs. */
  role: 'daemon' | 'shim' | 'program';
  /** Sandbox id of a shim or CNI plugin; '' otherwise. */
  sandboxId: string;
  /** Function of the kernel that it waits in; '' where the kernel does not tell. */
  waitsIn: string;
  /** Functions on its kernel stack, the innermost first; empty where that may not be read. */
  stack: string[];
}

/** A mount whose server was asked and did not answer in time. */
export interface DeadMount {
  mountPoint: string;
  fsType: string;
  /** Of the pod whose volume it is, by its path; null for others. */
  podUid: string | null;
}

/** A database that several daemons have open: one holds it, the others wait for ever. */
export interface SharedDatabase {
  path: string;
  /** Pid of the daemon that holds its lock; null where that could not be seen. */
  holder: number | null;
  waiting: number[];
}

/** What the runtime waits for. Mounts are asked only while some thread waits. */
export interface StallsFact {
  threads: StalledThread[];
  mounts: DeadMount[];
  databases: SharedDatabase[];
  /** How many mounts were asked. */
  asked: number;
  /** How long a thread was seen to wait, and a mount given to answer. */
  waitedMs: number;
}
