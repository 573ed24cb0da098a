import { gather } from '../../collect/gather.ts';
import { collectors } from '../../collect/index.ts';
import { canaryName } from '../../derive/canary-name.ts';
import { canaryTarget } from '../../derive/canary-target.ts';
import { monotonicMs, ownIdentity } from '../../host/process.ts';
import { createReadHost } from '../../host/read-host.ts';
import type { FactName } from '../../model/facts.ts';
import { knownValue } from '../../model/outcome.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { escapeText } from '../../report/escape.ts';
import { flyCanaries } from '../../sandbox/canary/canary.ts';
import { SandboxError } from '../../sandbox/error.ts';
import type { Workshop } from '../../sandbox/workshop.ts';
import { type Look, look, wantedBy } from '../look.ts';
import type { DoctorRequest } from '../request.ts';
import { openShop } from '../sandbox/shop.ts';
import { stoppable, within } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { ActiveRequest } from './request.ts';
import { scheduleOf } from './schedule.ts';

/** What a canary goes by. */
const NEEDED: readonly FactName[] = ['daemons', 'endpoints', 'runtime', 'runtimeConfig', 'cniConf'];
const LOOK_MS = 15_000;

type Request = DoctorRequest & { active: ActiveRequest };

/** Looks at the node, then makes the canaries; how they were is one more fact. */
export async function lookActively(request: Request, terminal: Terminal): Promise<Look> {
  const begun = monotonicMs();
  const env = {
    ...terminal.env,
    ...(request.active.stateDir && { PODCTL_STATE_DIR: request.active.stateDir }),
  };
  const stop = stoppable(null);
  const time = scheduleOf(request.deadlineMs, stop);
  try {
    const wanted = wantedBy(request);
    const facts = new Set([...wanted.facts, ...NEEDED]);
    const part = within(time.work, LOOK_MS);
    const { snapshot } = await look({ ...wanted, facts }, request, { ...terminal, env }, part);
    if (stop.signal.aborted) return { snapshot, interrupted: stop.exitCode() };
    requireNoKubelet(snapshot, request.active);
    const from = monotonicMs();
    const gathered = await flyCanaries({
      shop: openShopFor(terminal, env),
      target: canaryTarget(snapshot.facts),
      name: canaryName(ownIdentity()),
      hasKubelet: kubeletOn(snapshot) !== null,
      signal: time.work.signal,
      end: time.end.signal,
      leftMs: time.leftMs,
      lookAgain: (names) => lookAgain(names, request, env),
    });
    const canary = { ...gathered, ms: Math.round(monotonicMs() - from) };
    for (const what of knownValue(canary)?.swept ?? [])
      terminal.err(`note: ${escapeText(what)} was left by an earlier canary; it is taken away\n`);
    const seen = {
      ...snapshot,
      durationMs: Math.round(monotonicMs() - begun),
      complete: snapshot.complete && canary.status === 'complete',
      facts: { ...snapshot.facts, canary },
    };
    return { snapshot: seen, interrupted: stop.exitCode() };
  } finally {
    time.work.done();
    time.end.done();
    stop.done();
  }
}

/** Where it cannot be told whether a kubelet runs, one may. Null: there is none. */
function kubeletOn({ facts }: Snapshot): string | null {
  if (facts.daemons?.status !== 'complete') return 'whether a kubelet runs here cannot be told, and one';
  const kubelet = facts.daemons.value.find(({ kind }) => kind === 'kubelet');
  return kubelet ? `a kubelet runs here (process ${kubelet.pid}), which` : null;
}

function requireNoKubelet(snapshot: Snapshot, { despiteKubelet }: ActiveRequest): void {
  const kubelet = kubeletOn(snapshot);
  if (kubelet === null || despiteKubelet) return;
  throw new UsageError(
    `--active: ${kubelet} ends sandboxes that it did not order, the canary's among them`,
    'podctl doctor --active --force kubelet makes it all the same; ended by kubelet is then no fault',
  );
}

function openShopFor(terminal: Terminal, env: Terminal['env']): Workshop {
  try {
    const shop = openShop({}, { ...terminal, env }, 'doctor --active', true);
    if (shop) return shop;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    throw new UsageError(error.message, error.hint);
  }
  throw new Error('the state folder was not made');
}

const TRACE_MS = 5000;
const CALL_MS = 2000;

/** For traces alone, and with a short deadline of its own. */
async function lookAgain(
  names: readonly FactName[],
  { endpoint }: Request,
  { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE, PODCTL_STATE_DIR }: Terminal['env'],
): Promise<Snapshot['facts']> {
  const options = {
    ...(endpoint === null ? {} : { endpoint }),
    env: { CONTAINER_RUNTIME_ENDPOINT, CRI_CONFIG_FILE, PODCTL_STATE_DIR },
    rpcTimeoutMs: CALL_MS,
    everything: false,
  };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), TRACE_MS);
  try {
    return await gather(collectors, names, createReadHost(), options, deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}
