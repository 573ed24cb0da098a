import { CACHE_DIR, pluginPath } from '../../cni/runtime.ts';
import { bootId } from '../../host/process.ts';
import { nativeProgram } from '../../native/locate.ts';
import { OWN_BRIDGE, OWN_NETWORK, OWN_NETWORK_DIR } from '../../remedy/choose-network.ts';
import { openSessions } from '../../remedy/sessions.ts';
import { recordStore } from '../../sandbox/records.ts';
import { defaultStateDir, openState } from '../../sandbox/state-folder.ts';
import { sweep } from '../../sandbox/sweep.ts';
import type { Workshop } from '../../sandbox/workshop.ts';
import { type Args, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { faultHook } from './fault.ts';
import { mountNamespaceOf } from './mount-namespace.ts';

const PLUGIN_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 10_000;
const LOCK_WAIT_MS = 10_000;

/**
 * What the commands work with. Null: there is no state folder, so there are no sandboxes. Commands that change
 * something have it made, and clear away what killed ones left of their files.
 */
export function openShop(args: Args, terminal: Terminal, command: string, writes: boolean): Workshop | null {
  const dir =
    one(args, 'state-dir') ??
    (terminal.env.PODCTL_STATE_DIR || undefined) ??
    defaultStateDir(process.geteuid?.() ?? 0, terminal.env);
  const state = openState(dir, { create: writes });
  if (!state) return null;
  if (writes) sweep(state);
  const pause = nativeProgram('pause');
  const timeoutMs = PLUGIN_TIMEOUT_MS;
  return {
    state,
    remedy: {
      records: recordStore(state),
      cni: { cacheDir: CACHE_DIR, timeoutMs, envPath: pluginPath(terminal.env.PATH) },
      mountNsOf: mountNamespaceOf(),
      session: openSessions(CALL_TIMEOUT_MS).session,
      now: Date.now,
      at: faultHook(terminal.env.PODCTL_FAULT),
    },
    bootId: bootId(),
    pauseProgram: pause.ok ? pause.value : '',
    command,
    waitMs: LOCK_WAIT_MS,
    ownNetwork: { name: OWN_NETWORK, bridge: OWN_BRIDGE, folder: OWN_NETWORK_DIR },
  };
}
