import path from 'node:path';
import { runInForeground } from '../../sandbox/attach.ts';
import type { WantedContainer } from '../../sandbox/containers.ts';
import { requireName, requireSandbox } from '../../sandbox/lookup.ts';
import { findOciRuntime } from '../../sandbox/oci-runtime.ts';
import { listRecords } from '../../sandbox/records.ts';
import { runDetached } from '../../sandbox/run.ts';
import { lookAt } from '../../sandbox/workshop.ts';
import { type Args, one } from '../args.ts';
import { kindOf } from '../kind-of.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { formatOf, renderData } from './output.ts';
import { whilePassing } from './pass-signals.ts';
import { givenEnv, isInteractive, mergeEnv, plainEnv, programOf } from './program.ts';
import { openShop } from './shop.ts';
import { containersOf } from './status.ts';
import { isVia } from './via.ts';

/** `podctl sandbox run`: the program's exit code; with -d it prints the container's name. */
export async function runCommand(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  if (isVia(args, ['image'])) return (await import('./via/run.ts')).runViaCri(args, terminal);
  const asked = askedFor(args, terminal);
  const shop = openShop(args, terminal, `sandbox run ${one(args, 'sandbox')}`, true);
  if (!shop) throw new Error('the state folder was not made');
  const record = requireSandbox(listRecords(shop.state), one(args, 'sandbox') ?? '');
  if (asked.bundle !== '' && !record.privileged)
    throw new UsageError('--bundle needs a sandbox that was made as root', 'use --rootfs');
  const env =
    asked.bundle === '' ? mergeEnv(plainEnv(record, terminal, !asked.detached), asked.env) : asked.env;
  const wanted = { ...asked, env };
  if (!asked.detached)
    return whilePassing((started) =>
      runInForeground(shop, record, wanted, { terminal: isInteractive(terminal), started }),
    );
  const container = await runDetached(shop, record, wanted);
  if (format === 'table') {
    terminal.out(`${container.name}\n`);
    return 0;
  }
  const now = { ...record, containers: [container] };
  terminal.out(await renderData(containersOf(now, lookAt(shop, now))[0], format));
  return 0;
}

function askedFor(args: Args, { env }: Terminal): WantedContainer {
  const rootfs = folderOption('--rootfs', one(args, 'rootfs'));
  const bundle = folderOption('--bundle', one(args, 'bundle'));
  if (rootfs !== '' && bundle !== '')
    throw new UsageError('--rootfs and --bundle exclude each other', 'a bundle names its own root folder');
  const name = one(args, 'name');
  return {
    name: name === undefined ? null : requireName('the name', name),
    command: programOf(args, 'run', bundle !== ''),
    cwd: cwdOf(args),
    env: givenEnv(args),
    rootfs,
    bundle,
    runtime: bundle === '' ? '' : findOciRuntime(env.PATH),
    detached: args.detach === true,
  };
}

/** Absolute, or ''. */
export function cwdOf(args: Args): string {
  const cwd = one(args, 'cwd') ?? '';
  if (cwd !== '' && !cwd.startsWith('/')) throw new UsageError(`--cwd: ${cwd} is not absolute`);
  return cwd;
}

function folderOption(option: string, given: string | undefined): string {
  if (given === undefined) return '';
  const folder = path.resolve(given);
  if (kindOf(folder) !== 'folder') throw new UsageError(`${option}: there is no folder ${folder}`);
  return folder;
}
