import fs from 'node:fs';

const SIGTERM_BIT = 1n << 14n;

/**
 * True when SIGTERM would do nothing: the first process of a PID namespace gets no signal that it neither catches
 * nor blocks (to take it up later). Waiting for its end would be in vain.
 */
export function ignoresTerm(pid: number): boolean {
  let status: string;
  try {
    status = fs.readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return false;
  }
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
  const numbers = field('NSpid').split(/\s+/);
  const isFirst = numbers.length > 1 && numbers.at(-1) === '1';
  const hears = ['SigCgt', 'SigBlk'].some((name) => (BigInt(`0x${field(name) || '0'}`) & SIGTERM_BIT) !== 0n);
  return isFirst && !hears;
}
