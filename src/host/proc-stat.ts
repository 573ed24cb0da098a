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
  const state = text.slice(close + 2, text.indexOf(' ', close + 2));
  // Cut out one by one: the twenty strings between are nobody's concern, and there may be thousands of processes.
  let at = close + 2;
  const next = (skip: number): number => {
    for (let i = 0; i < skip; i += 1) at = text.indexOf(' ', at) + 1 || text.length;
    const end = text.indexOf(' ', at);
    return numberIn(text.slice(at, end < 0 ? text.length : end));
  };
  const [ppid, taskFlags, startTicks] = [next(1), next(5), next(13)];
  if (state.length !== 1 || Number.isNaN(ppid) || Number.isNaN(startTicks)) return null;
  return {
    comm: text.slice(open + 1, close),
    state,
    ppid,
    startTicks,
    kernelThread: (taskFlags & KERNEL_THREAD) !== 0,
  };
}

/** NaN for what is no whole number. */
function numberIn(text: string): number {
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN;
}
