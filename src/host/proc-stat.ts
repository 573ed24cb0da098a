/** What podctl takes from /proc/PID/stat. */
export interface ProcStat {
  comm: string;
  state: string;
  ppid: number;
  startTicks: number;
  /** Made by the kernel for itself; it has no program. */
  kernelThread: boolean;
}

/** PF_KTHREAD of the kernel's task flags. A parent of 2 would not do: inside a PID namespace 2 is anybody. */
const KERNEL_THREAD = 0x00200000;

/**
 * Reads the text of /proc/PID/stat. The name may hold anything, parentheses and line ends included,
 * and only numbers follow it: the last closing parenthesis ends it. Null when the text is no such file.
 */
export function parseProcStat(text: string): ProcStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(' ', 20);
  const [state = '', ppid = ''] = fields;
  const startTicks = Number(fields[19]);
  if (state.length !== 1 || !/^\d+$/.test(ppid) || !Number.isSafeInteger(startTicks)) return null;
  return {
    comm: text.slice(open + 1, close),
    state,
    ppid: Number(ppid),
    startTicks,
    kernelThread: (Number(fields[6]) & KERNEL_THREAD) !== 0,
  };
}
