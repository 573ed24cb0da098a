import { judgementOf } from '../../check/foreign/answer.ts';
import { askModule } from '../../check/foreign/module.ts';
import type { AnyCheck } from '../../model/check.ts';
import type { ForeignMeta } from '../../model/foreign-check.ts';
import { parseDeadline } from '../duration.ts';
import { formFault } from './form-fault.ts';
import { MODULE_CHECK } from './forms.ts';
import { lineOfKey } from './line-of-key.ts';
import { metaFault, wholeMeta } from './meta.ts';
import { saidOf } from './said.ts';
import { Unusable } from './unusable.ts';

export const DEADLINE = '2s';
/** The module itself is run to learn what it holds. */
const LIST_MS = 2000;

/** The checks of a `*.check.mjs`. Throws Unusable for a module that does not load, and for the first fault of one. */
export async function moduleChecks(file: string, source: string): Promise<AnyCheck[]> {
  const given = await list(file, source);
  if (given.length === 0) throw new Unusable('broken', `${file}: its default export is no check`);
  return given.map((one, at) => moduleCheck(file, source, one, at));
}

async function list(file: string, source: string): Promise<unknown[]> {
  try {
    return (await askModule(source, { is: 'list' }, LIST_MS)) as unknown[];
  } catch (error) {
    throw new Unusable('broken', `${file} does not load: ${(error as Error).message}`);
  }
}

function moduleCheck(file: string, source: string, given: unknown, at: number): AnyCheck {
  const broken = (message: string) => new Unusable('broken', `${file}: ${message}`);
  const said = saidOf(given);
  if (said === null) throw broken('its default export is nested too deeply');
  const fault = formFault(said, MODULE_CHECK);
  if (fault) {
    const line = lineOfKey(source, fault.message);
    const message = fault.message.replace(/^the file is/, 'its default export is');
    throw new Unusable('broken', `${file}:${line === null ? '' : `${line}:`} ${message}`);
  }
  const { meta, timeout = DEADLINE, run } = given as { meta: ForeignMeta; timeout?: string; run: boolean };
  if (!run) throw broken(`run of ${meta.id} is not a function`);
  const wrong = metaFault(meta);
  if (wrong !== null) throw broken(wrong);
  const whole = wholeMeta(meta);
  const timeoutMs = parseDeadline('timeout', timeout);
  return {
    meta: whole,
    file,
    run: async (facts, settings) =>
      judgementOf(await askModule(source, { is: 'run', at, facts, settings }, timeoutMs), whole),
  };
}
