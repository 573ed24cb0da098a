import { expect, test } from 'vitest';
import { renderGithub } from '../../src/report/github.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { hostileReport } from './broken-report.ts';
import { richReport } from './rich-report.ts';

/** Lines that a runner takes for commands: not between the two words that switch this off. */
function commandsOf(text: string): string[] {
  let stopped = '';
  return text.split('\n').filter((line) => {
    if (stopped !== '') {
      if (line === `::${stopped}::`) stopped = '';
      return false;
    }
    stopped = /^::stop-commands::(\w+)$/.exec(line)?.[1] ?? '';
    return stopped === '' && line.trimStart().startsWith('::');
  });
}

test('an annotation for each root cause, none for what follows from it', () => {
  const commands = commandsOf(renderGithub(richReport, 'the report', 'word'));
  expect(commands.filter((line) => line.includes('cni/plugin-missing'))).toHaveLength(1);
  expect(commands.filter((line) => line.includes('cni/leaked-reservation'))).toEqual([]);
  expect(commands.filter((line) => line.includes('could not judge'))).toEqual([
    '::warning title=podctl%3A kubelet/sample could not judge::kubelet is not running',
  ]);
});

test('of each level so many as a step shows', () => {
  const checks = Array.from({ length: 25 }, (_, n) =>
    aCheck({ id: `sandbox/sample-${n}`, findings: [aFinding({ message: `fault ${n}` })] }),
  );
  const commands = commandsOf(renderGithub(aReport(checks), '', 'word'));
  expect(commands.filter((line) => line.startsWith('::error'))).toHaveLength(10);
  expect(commands.filter((line) => line.includes('title=podctl%3A 16 more'))).toHaveLength(1);
});

test('nothing from the node is a command', () => {
  const evil = '::error::x\r\n::set-output name=a::b %0A::warning::y';
  const finding = aFinding({ message: evil, evidence: [{ fact: 'pins', at: evil, value: evil }] });
  const report = aReport([aCheck({ findings: [finding] })], { node: evil });
  const commands = commandsOf(renderGithub(report, `one\n${evil}\n::endgroup::\ntwo`, 'word'));
  expect(commands.map((line) => line.replace(/^(::\w+).*/, '$1'))).toEqual([
    '::error',
    '::group',
    '::endgroup',
  ]);
  for (const line of commandsOf(renderGithub(hostileReport, '', 'word')))
    expect(line).toMatch(/^::(error|warning|notice|group|endgroup)/);
});

test('a run that was cut short is told', () => {
  const report = aReport([], { complete: false });
  expect(commandsOf(renderGithub(report, '', 'word'))).toContain(
    '::warning title=podctl%3A the run was cut short::not all of the node was looked at',
  );
});
