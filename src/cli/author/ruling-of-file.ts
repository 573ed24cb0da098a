import path from 'node:path';
import { shellLine } from '../../check/shell-line.ts';
import { type Ruling, rule } from '../config/ruling.ts';
import { kindOf } from '../kind-of.ts';
import { loadCheckFile } from '../plugins/load.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The checks of one file, as the doctor would have them without a configuration. `elsewhere`: why programs that look
 * for themselves would look at another machine; '' where they would not. Throws a UsageError that says why the file
 * cannot be used, with the line where that is known.
 */
export async function rulingOfFile(named: string, elsewhere: string): Promise<Ruling> {
  if (kindOf(named) === 'missing') throw new UsageError(`there is no file ${path.resolve(named)}`);
  if (!/\.check\.(mjs|yaml)$/.test(named))
    throw new UsageError(
      `${named} is no file of checks by its name`,
      'it is called NAME.check.mjs or NAME.check.yaml, its test NAME.test.yaml',
    );
  const { checks, file } = await loadCheckFile(named, elsewhere);
  if (file.fault !== '') throw new UsageError(file.fault, shellLine(file.cure));
  return rule([], checks, [file]);
}
