import type { Plan } from '../model/plan.ts';
import type { ContainerRecord, SandboxRecord } from '../model/sandbox.ts';
import { execute, failureOf } from '../remedy/execute.ts';
import { newContainer, type WantedContainer } from './containers.ts';
import { SandboxError } from './error.ts';
import { shortId } from './lookup.ts';
import { isReady, type Observed } from './observe.ts';
import { basis, type Draft, plan, sameRecord, step } from './steps.ts';
import { currentRecord, lookAt, type Workshop, withSandbox } from './workshop.ts';

/** Starts a container that goes on without us. Gives it as it is recorded then. Throws SandboxError. */
export function runDetached(
  shop: Workshop,
  sandbox: SandboxRecord,
  wanted: WantedContainer,
): Promise<ContainerRecord> {
  return withSandbox(shop, sandbox, async () => {
    const { record, observed } = readySandbox(shop, sandbox);
    const container = newContainer(record, observed, wanted, shop.state.folderOf(record.id));
    const { id } = record;
    const begin = planRun(record, shop, [
      ...recordSteps(record, container),
      step({ kind: 'start-container', id, container: container.name }, 'it was asked for', {
        guards: record.pause ? [{ kind: 'process-is', process: record.pause }] : [],
      }),
    ]);
    const failure = failureOf(begin, await execute(begin, shop.remedy));
    if (failure) {
      await forget(shop, id, container.name);
      throw new SandboxError('failed', `container ${container.name} could not be started: ${failure.reason}`);
    }
    return currentRecord(shop, id)?.containers.find((c) => c.name === container.name) ?? container;
  });
}

/** The sandbox as it is now, if containers can be started in it. Throws SandboxError. */
export function readySandbox(
  shop: Workshop,
  { id, name }: SandboxRecord,
): { record: SandboxRecord; observed: Observed } {
  const record = currentRecord(shop, id);
  if (!record) throw new SandboxError('usage', `sandbox ${name} was removed`, 'podctl sandbox ls shows all');
  const observed = lookAt(shop, record);
  if (isReady(record, observed)) return { record, observed };
  const next = record.phase === 'stopped' ? 'rm' : 'repair';
  const what = record.phase === 'ready' ? 'not whole: its pause or a namespace is gone' : record.phase;
  throw new SandboxError(
    'usage',
    `sandbox ${name} is ${what}`,
    `podctl sandbox ${next} ${name || shortId(id)}`,
  );
}

/** What must be written down before a container is started: whoever comes after a crash is to know of it. */
export function recordSteps(record: SandboxRecord, container: ContainerRecord): Draft[] {
  const { id } = record;
  const before = record.containers.find((c) => c.name === container.name);
  return [
    ...(before
      ? [
          step(
            { kind: 'delete-container', id, container: before.name },
            'an OCI runtime may know the old one',
            {
              guards: [sameRecord(record)],
            },
          ),
          step({ kind: 'forget-container', id, container: before.name }, 'it ended, and its name is wanted'),
        ]
      : []),
    step({ kind: 'record-container', id, container }, 'what is started next must be known after a crash'),
  ];
}

/** A plan of steps on one container. */
export function planRun(record: SandboxRecord, { remedy }: Workshop, drafts: readonly Draft[]): Plan {
  return plan('sandbox/run', 'safe', basis(record, new Date(remedy.now())), drafts);
}

/** Takes back what was written down of a container that is not there. */
export async function forget(shop: Workshop, id: string, container: string): Promise<void> {
  const record = currentRecord(shop, id);
  if (!record) return;
  const undo = planRun(record, shop, [
    step({ kind: 'delete-container', id, container }, 'an OCI runtime may know of it', {
      onFailure: 'go-on',
    }),
    step({ kind: 'forget-container', id, container }, 'it does not run'),
  ]);
  await execute(undo, shop.remedy);
}
