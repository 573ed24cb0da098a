import fs from 'node:fs';
import { CRI_NAMESPACE, RpcError } from '../cri/session.ts';
import { processStat } from '../host/process.ts';
import type { Action } from '../model/plan.ts';
import { type Link, probeNetworks } from '../native/probe.ts';
import { ociState } from './actions/oci-state.ts';
import { cgroupTree } from './cgroups.ts';
import { editFlag } from './config-edit/flag.ts';
import type { GuardContext } from './guards/index.ts';
import { placeOf } from './guards/netns-names.ts';
import { askRuntime } from './owners.ts';
import { storedDigest } from './stored-image.ts';

/**
 * Whether what an action takes away is gone already, or what it brings is there: then there is nothing to do, and its guards need not hold.
 * False where nobody can tell: the guards are to judge that.
 */
export async function isGone(action: Action, context: GuardContext): Promise<boolean> {
  try {
    return await look(action, context);
  } catch {
    return false;
  }
}

async function look(action: Action, context: GuardContext): Promise<boolean> {
  switch (action.kind) {
    case 'signal': {
      const stat = processStat(action.process.pid);
      return stat === null || stat.state === 'Z' || stat.state === 'X';
    }
    case 'unpin':
      return isMissing(placeOf(action.path, context.mountNsOf));
    case 'remove-file':
    case 'put-config-aside':
      return isMissing(action.path);
    case 'release-attachment':
      return isMissing(action.entry);
    case 'delete-oci-state':
      return isMissing(ociState(action));
    case 'remove-cgroup':
      return action.hierarchies.every((hierarchy) => cgroupTree(hierarchy, action.path).length === 0);
    case 'delete-link':
      return !(await nodeLinks(context)).some(({ index }) => index === action.index);
    case 'set-link': {
      const link = (await nodeLinks(context)).find(({ index }) => index === action.index);
      if (!link) return false;
      return (!action.up || link.up) && (action.bridge === null || link.master === action.bridge.index);
    }
    case 'stop-sandbox':
    case 'remove-sandbox': {
      const { sandboxes } = await askRuntime(action.endpoint, context);
      return !sandboxes.some(({ id }) => id === action.sandbox);
    }
    case 'stop-containers':
    case 'remove-container': {
      const ids = action.kind === 'stop-containers' ? action.containers : [action.container];
      const { containers } = await askRuntime(action.endpoint, context);
      return !containers.some(({ id }) => ids.includes(id));
    }
    case 'delete-store-record': {
      const { records, stored } = await askRuntime(action.endpoint, context);
      return !records.some(({ id }) => id === action.container) && !stored.includes(action.container);
    }
    case 'edit-flag': {
      const text = fs.readFileSync(action.path, 'utf8');
      return editFlag(text, action.flag, action.value) === text;
    }
    case 'copy-image': {
      const { endpoint, image, digest } = action;
      return (await storedDigest({ endpoint, namespace: CRI_NAMESPACE, image }, context)) === digest;
    }
    case 'end-task':
      return !(await hasTask(action.endpoint, action.container, context));
    default:
      return false;
  }
}

function isMissing(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false }) === undefined;
}

async function nodeLinks({ signal }: GuardContext): Promise<Link[]> {
  const probed = await probeNetworks(['/proc/self/ns/net'], { signal });
  const links = probed.ok ? probed.value[0]?.network?.links : undefined;
  if (!links) throw new Error("the node's links cannot be seen");
  return links;
}

/** Throws RpcError when the runtime does not say. */
export async function hasTask(
  endpoint: string,
  container: string,
  { session }: Pick<GuardContext, 'session'>,
): Promise<boolean> {
  try {
    await session(endpoint).call('Tasks/Get', (c, o) => c.tasks.get({ containerId: container }, o));
    return true;
  } catch (error) {
    if (error instanceof RpcError && error.failure.notFound === true) return false;
    throw error;
  }
}
