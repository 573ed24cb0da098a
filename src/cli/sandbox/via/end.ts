import { escapeText } from '../../../report/escape.ts';
import { removePod, stopPod } from '../../../sandbox/cri/end.ts';
import { findPod, listPods, type Pod, requirePod } from '../../../sandbox/cri/pods.ts';
import { type Args, many } from '../../args.ts';
import type { Terminal } from '../../terminal.ts';
import { forEach } from '../for-each.ts';
import { type Via, withRuntime } from './shop.ts';

/** `podctl sandbox rm --via cri` */
export function removeViaCri(args: Args, terminal: Terminal, graceMs: number): Promise<number> {
  const force = args.force === true;
  return withRuntime(args, terminal, 'sandbox rm', async (via) => {
    const pods = await meant(via, args, terminal, force);
    return forEach(args, terminal, pods, async (pod) => ({
      failure: await removePod(via.shop, pod, { force, graceMs }),
      warnings: [],
    }));
  });
}

/** `podctl sandbox stop --via cri` */
export function stopViaCri(args: Args, terminal: Terminal, graceMs: number): Promise<number> {
  return withRuntime(args, terminal, 'sandbox stop', async (via) => {
    const pods = await meant(via, args, terminal, false);
    return forEach(args, terminal, pods, async (pod) => ({
      failure: await stopPod(via.shop, pod, graceMs),
      warnings: [],
    }));
  });
}

/** One that is not there is only noted where `mayLack`. */
async function meant({ shop }: Via, args: Args, terminal: Terminal, mayLack: boolean): Promise<Pod[]> {
  const pods = await listPods(shop.session);
  return many(args, 'sandbox').flatMap((name) => {
    const found = mayLack ? findPod(pods, name) : requirePod(pods, name);
    if (!found) terminal.err(`note: the runtime has no sandbox ${escapeText(name)}\n`);
    return found ? [found] : [];
  });
}
