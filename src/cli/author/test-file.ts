import fs from 'node:fs';
import path from 'node:path';
import type { CheckOptions } from '../../model/check.ts';
import type { Form } from '../config/form.ts';
import { among, matching, something } from '../config/words.ts';
import { parseTree, type Said } from '../config/yaml-tree.ts';
import { describe } from '../describe.ts';
import { formFault } from '../plugins/form-fault.ts';
import { plainOf } from '../plugins/said.ts';
import { UsageError } from '../usage-error.ts';

export const TEST_SCHEMA = 'podctl.check-test/v1';

/** One case: what is different from the example node, and what is then to be found. */
export interface TestCase {
  name: string;
  /** A jq expression over the values of the facts, by name; without one nothing is changed. */
  change?: string;
  options?: CheckOptions;
  verdict?: string;
  /** The messages of all findings, in any order. */
  finds?: string[];
}

export interface TestFile {
  /** Full path of the file of checks. */
  check: string;
  cases: TestCase[];
}

const MAX_BYTES = 1024 * 1024;
const VERDICTS = ['pass', 'found', 'skipped', 'unknown'];
const text: Form = { is: 'text', word: something };

const CASE: Form = {
  is: 'map',
  keys: {
    name: text,
    change: { is: 'text', word: { ...something, longest: 64_000 } },
    options: {
      is: 'table',
      key: matching('a name of letters, digits, - and _', /^[A-Za-z][\w-]*$/),
      of: { is: 'anything' },
    },
    verdict: { is: 'text', word: among(VERDICTS) },
    finds: { is: 'list', of: text },
  },
  required: ['name'],
  whole: 'a case',
};

const FORM: Form = {
  is: 'map',
  keys: {
    schema: { is: 'text', word: among([TEST_SCHEMA]) },
    check: { is: 'text', word: matching('a file of checks', /\.check\.(mjs|yaml)$/) },
    cases: { is: 'list', of: CASE },
  },
  required: ['schema', 'check', 'cases'],
  whole: 'a test of a check',
};

/** Reads a test of a check. Throws a UsageError for the first thing that is wrong with it, with its line. */
export async function readTestFile(file: string): Promise<TestFile> {
  const tree = await parseTree(read(file));
  const said = 'faults' in tree ? null : tree.said;
  const fault = 'faults' in tree ? tree.faults[0] : said === null ? EMPTY : formFault(said, FORM);
  if (fault) throw new UsageError(`${file}:${fault.line}: ${fault.message}`);
  const { check, cases } = plainOf(said as Said) as TestFile;
  const idle = cases.find(({ finds, verdict }) => finds === undefined && verdict === undefined);
  if (cases.length === 0) throw new UsageError(`${file}: it has no cases`);
  if (idle) throw new UsageError(`${file}: the case "${idle.name}" says neither finds nor verdict`);
  return { check: path.resolve(path.dirname(file), check), cases };
}

const EMPTY = { line: 1, message: 'it is empty' };

function read(file: string): string {
  try {
    if (fs.statSync(file).size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `cannot read the test ${file}: ${describe(error)}`,
      'podctl checks new ID writes one',
    );
  }
}
