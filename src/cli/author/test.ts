import { escapeText } from '../../report/escape.ts';
import { milliseconds } from '../../report/summary.ts';
import { type Args, one } from '../args.ts';
import type { Terminal } from '../terminal.ts';
import { judgeByFile } from './judge-by-file.ts';
import { rulingOfFile } from './ruling-of-file.ts';
import { runCase } from './run-case.ts';
import { readTestFile } from './test-file.ts';

/** `podctl checks test FILE`; gives the exit code. */
export async function testCommand(args: Args, terminal: Terminal): Promise<number> {
  const file = one(args, 'file') ?? '';
  return file.endsWith('.test.yaml') ? runTest(file, terminal) : judgeByFile(file, args, terminal);
}

async function runTest(file: string, terminal: Terminal): Promise<number> {
  const { check, cases } = await readTestFile(file);
  const ruling = await rulingOfFile(check, '');
  let failed = 0;
  for (const each of cases) {
    const { ms, wrong } = await runCase(each, ruling);
    if (wrong.length > 0) failed += 1;
    const head = `${wrong.length > 0 ? 'FAIL' : 'ok  '}  ${each.name}  (${milliseconds(ms)})`;
    for (const line of [head, ...wrong.map((what) => `      ${what}`)]) terminal.out(`${escapeText(line)}\n`);
  }
  terminal.out(`${cases.length - failed} of ${cases.length} cases hold\n`);
  return failed === 0 ? 0 : 1;
}
