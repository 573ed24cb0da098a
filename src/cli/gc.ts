import type { Args } from './args.ts';
import { builtinChecks } from './builtin-checks.ts';
import { cure } from './cure/cure.ts';
import { finish, isWriting } from './cure/finish.ts';
import { gcRequest, outputOf } from './cure/request.ts';
import { teller } from './cure/tell.ts';
import { placesFor, withShop } from './cure/with-shop.ts';
import { stoppable } from './signals.ts';
import type { Terminal } from './terminal.ts';

/** `podctl gc KIND`: takes away what nobody owns any more. */
export async function gcCommand(args: Args, argv: readonly string[], terminal: Terminal): Promise<number> {
  const request = gcRequest(args, terminal.env, argv, builtinChecks);
  const output = outputOf(args);
  const stop = stoppable(null);
  const shopRequest = {
    stateDir: request.stateDir,
    command: `gc ${args.kind}`,
    writes: isWriting(request, terminal),
    keepMs: request.keepMs,
    timeoutMs: request.look.timeoutMs,
  };
  try {
    return await withShop(shopRequest, terminal, async (shop) => {
      const places = placesFor(shop);
      const told = teller(terminal, places, output.format === 'table');
      const cured = await cure({ request, shop, terminal, stop, told, choose: null });
      return finish(cured, request, output, places, terminal);
    });
  } finally {
    stop.done();
  }
}
