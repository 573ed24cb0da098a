import type { SandboxRecord, SandboxSpec } from '../model/sandbox.ts';
import { execute, failureOf, type Witness } from '../remedy/execute.ts';
import { newRecord, planCreate } from './create.ts';
import { SandboxError } from './error.ts';
import { newId, requireFreeName, shortId } from './lookup.ts';
import { listRecords } from './records.ts';
import { takeDown } from './take-down.ts';
import { type Workshop, withNames, withSandbox } from './workshop.ts';

/**
 * Makes a sandbox, or undoes what it began and throws a SandboxError that says why. `witness` is told of its steps,
 * and may stop it between two.
 */
export async function makeSandbox(
  shop: Workshop,
  wanted: { name: string | null; spec: SandboxSpec; privileged: boolean },
  witness?: Witness,
): Promise<SandboxRecord> {
  const { remedy } = shop;
  const id = newId();
  const name = wanted.name ?? `sandbox-${id.slice(0, 6)}`;
  const now = new Date(remedy.now());
  const { spec, privileged } = wanted;
  const named = { ...spec, hostname: spec.hostname === '' ? name : spec.hostname };
  const record = newRecord(shop.state, { id, name, spec: named, privileged, bootId: shop.bootId, now });
  return withSandbox(shop, record, async () => {
    const plan = planCreate(record, now);
    const [first, ...rest] = plan.steps;
    const begin = { ...plan, steps: first ? [first] : [] };
    const begun = await withNames(shop, async () => {
      requireFreeName(listRecords(shop.state), name);
      return execute(begin, remedy, witness);
    });
    const unwritten = failureOf(begin, begun);
    if (unwritten) throw new SandboxError('failed', `cannot record sandbox ${name}: ${unwritten.reason}`);
    const end = { ...plan, steps: rest };
    const results = await execute(end, remedy, witness);
    const failure = failureOf(end, results);
    if (failure) throw await undone(shop, record, failure.reason);
    if (results.some(({ status }) => status === 'not-reached'))
      throw await undone(shop, record, 'it was interrupted');
    return remedy.records.read(id) ?? record;
  });
}

async function undone(shop: Workshop, record: SandboxRecord, reason: string): Promise<SandboxError> {
  const message = `sandbox ${record.name} could not be made: ${reason}`;
  const left = await takeDown(shop, record.id, { force: false });
  if (left.failure === null) return new SandboxError('failed', message);
  const rest = `; and undoing it failed: ${left.failure}`;
  return new SandboxError('failed', message + rest, `podctl sandbox rm -f ${shortId(record.id)}`);
}
