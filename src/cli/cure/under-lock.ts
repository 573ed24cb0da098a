import type { Places } from '../../remedy/print.ts';
import { stoppable } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { type Cured, cure, type Scene } from './cure.ts';
import { isWriting } from './finish.ts';
import type { CureRequest } from './request.ts';
import { teller } from './tell.ts';
import { placesFor, withShop } from './with-shop.ts';

/** What one command that cures does its own way. */
export interface Manner {
  /** For another podctl that finds the lock taken. */
  command: string;
  /** Whether each step is told as it goes. */
  tells: boolean;
  choose: Scene['choose'];
}

/** Cures while no other podctl does, until a signal comes; `then` tells the result and gives the exit code. */
export async function underLock(
  request: CureRequest,
  { command, tells, choose }: Manner,
  terminal: Terminal,
  then: (cured: Cured, places: Places) => Promise<number>,
): Promise<number> {
  const stop = stoppable(null);
  const shopRequest = {
    stateDir: request.stateDir,
    command,
    writes: isWriting(request, terminal),
    keepMs: request.keepMs,
    timeoutMs: request.look.timeoutMs,
  };
  try {
    return await withShop(shopRequest, terminal, async (shop) => {
      const places = placesFor(shop);
      const told = teller(terminal, places, tells);
      return then(await cure({ request, shop, terminal, stop, told, choose }), places);
    });
  } finally {
    stop.done();
  }
}
