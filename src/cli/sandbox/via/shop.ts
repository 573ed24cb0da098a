import { gather } from '../../../collect/gather.ts';
import { collectors } from '../../../collect/index.ts';
import { RpcError } from '../../../cri/session.ts';
import { createReadHost } from '../../../host/read-host.ts';
import type { Daemon, RuntimeFact } from '../../../model/facts.ts';
import type { Outcome } from '../../../model/outcome.ts';
import { openSessions } from '../../../remedy/sessions.ts';
import type { CriShop } from '../../../sandbox/cri/change.ts';
import { SandboxError } from '../../../sandbox/error.ts';
import { type Args, one } from '../../args.ts';
import { endpointPath, requireSocket } from '../../endpoint.ts';
import { kindOf } from '../../kind-of.ts';
import { stoppable } from '../../signals.ts';
import type { Terminal } from '../../terminal.ts';
import { openShop } from '../shop.ts';

const RPC_MS = 10_000;
const LOOK_MS = 15_000;

/** What is known of the runtime that a command works through. */
export interface Via {
  shop: CriShop;
  runtime: RuntimeFact;
  /** A kubelet runs here: it ends what the API server did not order. */
  hasKubelet: boolean;
}

/**
 * Finds the node's runtime as the doctor does, and does some work through it. Throws SandboxError when it cannot be
 * reached, and when it answers with an error.
 */
export async function withRuntime<T>(
  args: Args,
  terminal: Terminal,
  command: string,
  work: (via: Via) => Promise<T>,
): Promise<T> {
  const { runtime, hasKubelet } = await findRuntime(args, terminal);
  const shop = openShop(args, terminal, command, true);
  if (!shop) throw new Error('the state folder was not made');
  const sessions = openSessions(RPC_MS);
  const session = sessions.session(runtime.endpoint);
  const remedy = { ...shop.remedy, session: sessions.session };
  try {
    return await work({ shop: { session, remedy, logs: shop.state.podLogs }, runtime, hasKubelet });
  } catch (error) {
    throw error instanceof RpcError ? new SandboxError('unseen', error.message) : error;
  } finally {
    sessions.close();
  }
}

async function findRuntime(args: Args, { env }: Terminal): Promise<Pick<Via, 'runtime' | 'hasKubelet'>> {
  const given = one(args, 'runtime-endpoint');
  const endpoint = given === undefined ? null : endpointPath(given);
  if (endpoint !== null) requireSocket(endpoint, kindOf(endpoint));
  const { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE } = env;
  const look = {
    ...(endpoint === null ? {} : { endpoint }),
    env: { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE },
    rpcTimeoutMs: RPC_MS,
  };
  const run = stoppable(LOOK_MS);
  try {
    const facts = await gather(collectors, ['runtime'], createReadHost(), look, run.signal);
    return {
      runtime: required(facts.runtime),
      hasKubelet: known(facts.daemons).some((d) => d.kind === 'kubelet'),
    };
  } finally {
    run.done();
  }
}

function required(outcome: Outcome<RuntimeFact> | undefined): RuntimeFact {
  if (outcome?.status === 'complete' || outcome?.status === 'partial') return outcome.value;
  const why = outcome?.status === 'failed' ? outcome.problem.message : (outcome?.reason ?? '');
  const hint = outcome?.status === 'absent' ? 'name its socket with --runtime-endpoint' : '';
  throw new SandboxError('unseen', why, hint);
}

function known(outcome: Outcome<Daemon[]> | undefined): Daemon[] {
  return outcome?.status === 'complete' || outcome?.status === 'partial' ? outcome.value : [];
}
