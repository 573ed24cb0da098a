import { isRunning } from '../../host/process.ts';
import type { Guard } from '../../model/plan.ts';
import type { RemedyContext } from '../context.ts';
import { cgroupEmpty } from './cgroups.ts';
import { absent, contentIs, fileIs, podUnknown } from './files.ts';
import { linkIs, masterless, portless } from './links.ts';
import { namespaceAt } from './netns-names.ts';
import { disowned, netnsDisowned } from './owners.ts';
import { pinStacked } from './pins.ts';
import { childless, namespaceEmpty, noPluginRuns, processIn } from './processes.ts';
import {
  containerIs,
  imageIs,
  imageUnused,
  neverBegan,
  noTask,
  sandboxDead,
  sandboxUnready,
  storedImageIs,
} from './runtime.ts';

export type GuardOf<K extends Guard['kind']> = Extract<Guard, { kind: K }>;

/** What guards read the node with. */
export type GuardContext = Pick<RemedyContext, 'records' | 'session' | 'mountNsOf'> & { signal: AbortSignal };

/**
 * Why an action must not be carried out now; null when its guard holds. Read at the moment of asking; what
 * cannot be read is a reason.
 */
export async function refusalOf(guard: Guard, context: GuardContext): Promise<string | null> {
  try {
    return await ask(guard, context);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function ask(guard: Guard, context: GuardContext): Promise<string | null> {
  switch (guard.kind) {
    case 'process-is':
      return isRunning(guard.process) ? null : `process ${guard.process.pid} is gone, or another one by now`;
    case 'process-gone':
      return isRunning(guard.process) ? `process ${guard.process.pid} runs` : null;
    case 'namespace-is': {
      const now = namespaceAt(guard.path);
      return now === guard.ns ? null : `${guard.path} is ${now ?? 'no namespace'}, and was ${guard.ns}`;
    }
    case 'record-is': {
      const now = context.records.read(guard.id)?.revision;
      if (now === guard.revision) return null;
      return now === undefined ? 'its record is gone' : 'its record was changed in the meantime: look again';
    }
    case 'childless':
      return childless(guard);
    case 'file-is':
      return fileIs(guard);
    case 'absent':
      return absent(guard);
    case 'content-is':
      return contentIs(guard);
    case 'namespace-empty':
      return namespaceEmpty(guard, context);
    case 'disowned':
      return disowned(guard, context);
    case 'netns-disowned':
      return netnsDisowned(guard, context);
    case 'sandbox-unready':
      return sandboxUnready(guard, context);
    case 'sandbox-dead':
      return sandboxDead(guard, context);
    case 'no-plugin-runs':
      return noPluginRuns(guard);
    case 'link-is':
      return linkIs(guard, context);
    case 'masterless':
      return masterless(guard, context);
    case 'portless':
      return portless(guard, context);
    case 'cgroup-empty':
      return cgroupEmpty(guard);
    case 'pod-unknown':
      return podUnknown(guard, context);
    case 'container-is':
      return containerIs(guard, context);
    case 'pin-stacked':
      return pinStacked(guard);
    case 'process-in':
      return processIn(guard);
    case 'never-began':
      return neverBegan(guard, context);
    case 'no-task':
      return noTask(guard, context);
    case 'image-is':
      return imageIs(guard, context);
    case 'image-unused':
      return imageUnused(guard, context);
    case 'stored-image-is':
      return storedImageIs(guard, context);
  }
}
