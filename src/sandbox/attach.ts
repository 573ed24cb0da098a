import type { ContainerRecord, SandboxRecord } from '../model/sandbox.ts';
import { type Ended, type Entry, runAttached } from '../native/enter.ts';
import type { Native, NativeProblem } from '../native/problem.ts';
import type { Started } from '../native/start.ts';
import { entryOf } from '../remedy/container-entry.ts';
import { execute, failureOf } from '../remedy/execute.ts';
import { initOf, ociEntry } from '../remedy/oci/runtime.ts';
import { newContainer, type WantedContainer } from './containers.ts';
import { SandboxError } from './error.ts';
import { forget, planRun, readySandbox, recordSteps } from './run.ts';
import { step } from './steps.ts';
import { currentRecord, type Workshop, withSandbox } from './workshop.ts';

/** The caller's side of a program in the foreground. */
export interface Attached {
  /** stdin and stdout are a terminal. */
  terminal: boolean;
  /** Hears once what sends the program a signal. */
  started: (kill: (signal: NodeJS.Signals) => void) => void;
}

interface Begun {
  container: ContainerRecord;
  ended: Promise<Native<Ended>>;
}

/**
 * Runs a container with our stdin, stdout and stderr until it ends; gives its exit code, 128 + signal after one.
 * A container that was given a name stays in the record with its exit code. Throws SandboxError, and a StartError
 * when its program could not be run.
 */
export async function runInForeground(
  shop: Workshop,
  sandbox: SandboxRecord,
  wanted: WantedContainer,
  attached: Attached,
): Promise<number> {
  const { container, ended } = await withSandbox(shop, sandbox, () => begin(shop, sandbox, wanted, attached));
  const result = await ended;
  // An OCI runtime that could not start it has said so, and its exit code is that of the whole.
  const keeps = wanted.name !== null && result.ok && container.process !== null;
  await withSandbox(shop, sandbox, () =>
    keeps ? writeExit(shop, sandbox.id, container, result.value) : forget(shop, sandbox.id, container.name),
  );
  return exitCodeOf(container.name, result);
}

/** What it is called when a program cannot be run: a shell's exit code tells why. */
export class StartError extends SandboxError {
  /** 127: there is no such program. 126: it cannot be run. */
  readonly exitCode: 126 | 127;
  /** podctl-ns has said it on our stderr. */
  readonly isTold: boolean;

  constructor(what: string, { message, reason, errno }: NativeProblem) {
    super('failed', `${what} could not be started: ${message}`);
    this.isTold = errno !== '';
    this.exitCode = reason === 'missing' ? 127 : 126;
  }
}

/** The exit code of a program that was run. Throws StartError when it was not. */
export function exitCodeOf(what: string, result: Native<Ended>): number {
  if (result.ok) return result.value.exitCode;
  throw new StartError(what, result.problem);
}

async function begin(
  shop: Workshop,
  sandbox: SandboxRecord,
  wanted: WantedContainer,
  { terminal, started }: Attached,
): Promise<Begun> {
  const { record, observed } = readySandbox(shop, sandbox);
  const folder = shop.state.folderOf(record.id);
  const container = newContainer(record, observed, wanted, folder);
  await carryOut(shop, record, container, recordSteps(record, container));
  shop.remedy.at('before');
  const entry = entryFor(record, container, folder, terminal);
  const { born, ended } = launch(entry, started);
  const first = await born;
  if (first === null) return { container, ended };
  const init = container.bundle === '' ? first : await initOf(first, folder, container, NEVER);
  shop.remedy.at('during');
  const now = { ...container, process: init, startedAt: shop.remedy.now() };
  await carryOut(shop, record, now, [
    step({ kind: 'record-container', id: record.id, container: now }, 'it runs'),
  ]);
  shop.remedy.at('after');
  return { container: now, ended };
}

/** `born` is null when it ended before its program ran. */
function launch(
  entry: Entry,
  started: Attached['started'],
): { born: Promise<Started | null>; ended: Promise<Native<Ended>> } {
  let tell: (first: Started | null) => void = () => {};
  const born = new Promise<Started | null>((resolve) => {
    tell = resolve;
  });
  const ended = runAttached(entry, tell, { started });
  void ended.then(() => tell(null));
  return { born, ended };
}

const NEVER = new AbortController().signal;

function entryFor(
  record: SandboxRecord,
  container: ContainerRecord,
  folder: string,
  terminal: boolean,
): Entry {
  return container.bundle === ''
    ? entryOf(record, container, folder)
    : ociEntry(record, container, folder, terminal);
}

async function carryOut(
  shop: Workshop,
  record: SandboxRecord,
  { name }: ContainerRecord,
  drafts: Parameters<typeof planRun>[2],
): Promise<void> {
  const steps = planRun(record, shop, drafts);
  const failure = failureOf(steps, await execute(steps, shop.remedy));
  if (failure) throw new SandboxError('failed', `container ${name} cannot be recorded: ${failure.reason}`);
}

/** Nothing to do where the sandbox was removed meanwhile, or another container has the name. */
async function writeExit(
  shop: Workshop,
  id: string,
  container: ContainerRecord,
  ended: Ended,
): Promise<void> {
  const record = currentRecord(shop, id);
  const there = record?.containers.find((c) => c.name === container.name);
  if (!record || there?.startedAt !== container.startedAt) return;
  const exit = { ...ended, finishedAt: new Date(shop.remedy.now()).toISOString() };
  const { exitCode, signal, finishedAt } = exit;
  const now = { ...there, exit: { exitCode, signal, finishedAt } };
  await carryOut(shop, record, now, [step({ kind: 'record-container', id, container: now }, 'it ended')]);
}
