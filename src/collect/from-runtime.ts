import { type CriSession, RpcError } from '../cri/session.ts';
import type { RuntimeFact } from '../model/facts.ts';
import { absent, failed, type Gathered } from '../model/outcome.ts';
import type { CollectContext } from './collector.ts';

/**
 * Deadline of a fact that the runtime answers. Each call has its own, shorter one; this is the net below it.
 */
export const RUNTIME_FACT_TIMEOUT_MS = 120_000;

/**
 * Asks the runtime that answered. Where there is none, or none that answers, that is the outcome at once:
 * one dead runtime costs one deadline, not one for every fact.
 */
export async function fromRuntime<T>(
  context: CollectContext,
  ask: (session: CriSession, runtime: RuntimeFact) => Promise<Gathered<T>>,
): Promise<Gathered<T>> {
  const runtime = context.known('runtime');
  if (runtime === undefined) return failed('unavailable', 'the runtime was not looked for');
  if (runtime.status === 'absent') return absent(runtime.reason);
  if (runtime.status === 'failed') return { status: 'failed', problem: runtime.problem };
  return answered(() => ask(context.session(runtime.value.endpoint), runtime.value));
}

/** The same of containerd's own API; absent where another runtime answered. */
export function fromContainerd<T>(
  context: CollectContext,
  ask: (session: CriSession) => Promise<Gathered<T>>,
): Promise<Gathered<T>> {
  return fromRuntime(context, async (session, { name }) =>
    name === 'containerd' ? ask(session) : absent(`${name} has no store of containerd's kind`),
  );
}

/** A method that the runtime does not have is an absent fact: `what` says of what. */
export async function whereOffered<T>(what: string, ask: () => Promise<Gathered<T>>): Promise<Gathered<T>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RpcError && error.failure.unimplemented)
      return absent(`the runtime offers no ${what}`);
    throw error;
  }
}

/** Turns a call that got no answer into a failed fact. */
export async function answered<T>(ask: () => Promise<Gathered<T>>): Promise<Gathered<T>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RpcError) return failed(error.failure.code, error.failure.message);
    throw error;
  }
}

/** CRI's nanoseconds as whole milliseconds; times before 1970 are negative. */
export function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}
