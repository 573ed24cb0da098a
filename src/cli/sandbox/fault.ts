import type { FaultPoint } from '../../remedy/context.ts';
import { UsageError } from '../usage-error.ts';

const POINTS: readonly FaultPoint[] = ['before', 'during', 'after'];

/**
 * A test aid. PODCTL_FAULT=before:N, during:N or after:N kills podctl with SIGKILL at that point of the Nth step
 * that the command carries out, to show that the next command finishes or undoes what it began. `during` is after
 * the effect and before it is written down; steps that write nothing down have no such point.
 */
export function faultHook(wanted: string | undefined): (point: FaultPoint) => void {
  if (wanted === undefined || wanted === '') return () => {};
  const [word = '', number = '', more] = wanted.split(':');
  const point = POINTS.find((p) => p === word);
  if (!point || !/^\d+$/.test(number) || more !== undefined)
    throw new UsageError(`PODCTL_FAULT: "${wanted}" names no point`, 'write before:N, during:N or after:N');
  let step = 0;
  return (at) => {
    if (at === 'before') step += 1;
    if (at === point && step === Number(number)) process.kill(process.pid, 'SIGKILL');
  };
}
