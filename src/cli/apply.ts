import type { AnyCheck } from '../model/check.ts';
import { type Mismatch, onlySaved, type PlanSet } from '../remedy/gc/plan-set.ts';
import type { Settled } from '../remedy/gc/settled.ts';
import { escapeText } from '../report/escape.ts';
import { type Args, one } from './args.ts';
import type { Ruling } from './config/ruling.ts';
import { finish } from './cure/finish.ts';
import { loadPlans, refusalOfPlans } from './cure/plan-file.ts';
import { type CureRequest, cureRequest, outputOf } from './cure/request.ts';
import { underLock } from './cure/under-lock.ts';
import { endpointPath } from './endpoint.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const EXIT_REFUSED = 3;

/** `podctl apply FILE`: carries out what was saved, as far as two fresh looks give the very same plans. */
export async function applyCommand(
  args: Args,
  argv: readonly string[],
  terminal: Terminal,
  ruling: Ruling,
): Promise<number> {
  const file = one(args, 'file') ?? '';
  const set = loadPlans(file);
  const request = requestOf(set, args, argv, terminal.env, ruling);
  const output = outputOf(args);
  const refusal = refusalOfPlans(set);
  if (refusal !== null) {
    terminal.err(`error: ${escapeText(file)} is not carried out: ${refusal}\n`);
    terminal.err('hint: make a new one with --plan-out\n');
    return EXIT_REFUSED;
  }
  const mismatches: Mismatch[] = [];
  const choose = ({ same }: Settled): Settled => {
    const chosen = onlySaved(same, set.plans);
    mismatches.push(...chosen.mismatches);
    return { same: chosen.going, changed: [] };
  };
  const manner = { command: 'apply', tells: output.format === 'table', choose };
  return underLock(request, manner, terminal, async (cured, places) => {
    const code = await finish({ ...cured, mismatches }, request, output, places, terminal);
    return code === 0 && mismatches.length > 0 ? EXIT_REFUSED : code;
  });
}

/** The node is looked at as it was then; consent and deadlines are those of now. */
function requestOf(
  { basedOn }: PlanSet,
  args: Args,
  argv: readonly string[],
  env: Terminal['env'],
  ruling: Ruling,
): CureRequest {
  const { kinds, risk, checks, endpoint, minAgeMs } = basedOn;
  const request = cureRequest(args, env, argv, {
    kinds,
    risk,
    checks: checks.map((id) => checkOf(id, ruling)).filter(({ meta }) => !ruling.off.has(meta.id)),
    policy: ruling.policy,
  });
  return {
    ...request,
    look: {
      ...request.look,
      endpoint: request.look.endpoint ?? (endpoint === null ? null : endpointPath(endpoint)),
      minAgeMs,
    },
    force: basedOn.force,
    maxPercent: basedOn.maxPercent,
    assumeNoKubelet: basedOn.assumeNoKubelet,
    pauseArchive: basedOn.pauseArchive,
  };
}

function checkOf(id: string, { checks }: Ruling): AnyCheck {
  const check = checks.find(({ meta }) => meta.id === id);
  if (check) return check;
  throw new UsageError(
    `the plan names a check that there is not: "${id}"`,
    'it was made by another podctl: make a new one with --plan-out',
  );
}
