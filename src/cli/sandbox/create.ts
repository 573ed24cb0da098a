import { CONF_FOLDER } from '../../cni/conf-files.ts';
import { availablePlugins } from '../../cni/find-plugin.ts';
import { binFolders, pluginPath } from '../../cni/runtime.ts';
import { type ChosenNetwork, chooseNetwork, OWN_NETWORK } from '../../remedy/choose-network.ts';
import { escapeText } from '../../report/escape.ts';
import { makeSandbox } from '../../sandbox/make.ts';
import { ownConflist } from '../../sandbox/own-network.ts';
import { podSchema } from '../../sandbox/pod-schema.ts';
import { requireFreePorts } from '../../sandbox/ports.ts';
import { listRecords } from '../../sandbox/records.ts';
import { type Args, many, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { formatOf, renderData } from './output.ts';
import { openShop } from './shop.ts';
import { specOf } from './spec.ts';
import { isVia } from './via.ts';

/** `podctl sandbox create`: prints the id of the new sandbox, or all about it with -o json. */
export async function createCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  if (args.schema === true) {
    terminal.out(await renderData(podSchema, format === 'yaml' ? 'yaml' : 'json'));
    return 0;
  }
  if (isVia(args)) return (await import('./via/create.ts')).createViaCri(args, terminal);
  const { name, spec: asked, ignored } = specOf(args, 'podctl');
  const notes = ignored.map((key) => `${key} has no effect on podctl's sandboxes`);
  const privileged = process.geteuid?.() === 0;
  const chosen = await networkOf(args, terminal, privileged, notes);
  const spec = { ...asked, network: chosen.network };
  const shop = openShop(args, terminal, `sandbox create${name === null ? '' : ` ${name}`}`, true);
  if (!shop) throw new Error('the state folder was not made');
  if (spec.ports.length > 0)
    await requireFreePorts(spec, chosen.capabilities, listRecords(shop.state).records);
  const record = await makeSandbox(shop, { name, spec, privileged });
  for (const note of notes) terminal.err(`note: ${escapeText(note)}\n`);
  if (format === 'table') {
    terminal.out(`${record.id}\n`);
    return 0;
  }
  const { sandboxStatus } = await import('./status.ts');
  terminal.out(await renderData(await sandboxStatus(shop, record), format));
  return 0;
}

/** Without a word about it: podctl's own network where it can be had, else none. */
async function networkOf(
  args: Args,
  terminal: Terminal,
  privileged: boolean,
  notes: string[],
): Promise<ChosenNetwork> {
  const { env } = terminal;
  const binDirs = binFolders(many(args, 'cni-bin-dir'), env.CNI_PATH);
  const confDir = one(args, 'cni-conf-dir') ?? CONF_FOLDER;
  const said = one(args, 'network');
  if (said !== undefined && said !== 'none' && !privileged)
    throw new UsageError(`network ${said} needs root`, 'run podctl as root, or use --network none');
  const isThere = privileged && availablePlugins(['bridge', 'host-local'], binDirs).size === 2;
  const wanted = said ?? (isThere ? OWN_NETWORK : 'none');
  if (said === undefined && !isThere)
    notes.push(
      `loopback only: ${privileged ? `no CNI plugins in ${binDirs.join(', ')}` : 'a network needs root'}`,
    );
  const inUse = () => {
    const shop = openShop(args, terminal, 'sandbox create', false);
    return shop && ownConflist(shop);
  };
  const chosen = await chooseNetwork({ wanted, confDir, binDirs, envPath: pluginPath(env.PATH), inUse });
  notes.push(...chosen.missing.map((part) => `network ${OWN_NETWORK} does without ${part}`));
  return chosen;
}
