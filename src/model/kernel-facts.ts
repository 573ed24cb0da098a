/** The first process of a PID namespace that several containers share: whoever loses his parent there becomes its child. */
export interface Reaper {
  pid: number;
  startTicks: number;
  /**
   * What it makes of SIGCHLD, from /proc/PID/status. `caught`: it has a handler. `blocked`: it takes it with
   * signalfd. `ignored`: the kernel reaps for it. `default`: a death wakes it in a wait for children or in
   * sigtimedwait alone, in which the kernel shows nothing as blocked.
   */
  onChild: 'caught' | 'blocked' | 'ignored' | 'default';
  /** Kernel function that it sleeps in, from /proc/PID/wchan; '' while it runs, and where the kernel does not tell. */
  sleepsIn: string;
}

/** A shim's socket with an abstract name, which every process of the node's network namespace can reach. */
export interface AbstractSocket {
  /** As /proc/net/unix shows it: `@/containerd-shim/<hash>.sock`. */
  name: string;
  /** The shim that listens on it; null when it was not found. */
  pid: number | null;
}

/** A process in a container that the kernel killed for want of memory. */
export interface MemoryKill {
  /** 64 hex digits, from its cgroup. */
  containerId: string;
  pid: number;
  comm: string;
  /** Cgroup whose limit was reached; '' when the node itself had no more. */
  limitOf: string;
  /** Milliseconds since boot. */
  at: number;
}
