import type { Pin } from '../model/facts.ts';
import { memo } from './memo.ts';
import { runPath } from './process.ts';

/** Pins by the path that the kernel shows: below /run, never /var/run. */
export const pinsByPath = memo((pins: Pin[]) => new Map(pins.map((pin) => [runPath(pin.path), pin])));
