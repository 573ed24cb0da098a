import { expect, test } from 'vitest';
import { renderSarif } from '../../src/report/sarif.ts';
import { locationOf } from '../../src/report/sarif-location.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { richReport } from './rich-report.ts';

const hash = (text: string) => `h${text.length}`.padEnd(64, '0');

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  baselineState?: string;
  suppressions: { justification: string }[];
  partialFingerprints: Record<string, string>;
}

function runOf(report = richReport, metas: Parameters<typeof renderSarif>[1] = []) {
  const [run] = JSON.parse(renderSarif(report, metas, hash)).runs;
  return run as {
    tool: { driver: { rules: { id: string; helpUri?: string; help: { text: string } }[] } };
    results: Result[];
    invocations: {
      executionSuccessful: boolean;
      toolExecutionNotifications: { message: { text: string } }[];
    }[];
  };
}

test('errors and warnings are results, each of its rule', () => {
  const { results, tool } = runOf();
  const wanted = richReport.checks.flatMap(({ findings, ignored }) => [...findings, ...ignored]);
  expect(results).toHaveLength(wanted.filter(({ severity }) => severity !== 'info').length);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
});

test('what is accepted is suppressed with its reason; what the baseline knows is unchanged', () => {
  const { results } = runOf();
  const accepted = results.filter(({ ruleId }) => ruleId === 'sandbox/anchor-lost');
  expect(accepted.map((r) => [r.baselineState, r.suppressions.map((s) => s.justification)])).toEqual([
    ['new', ['moved on Friday (until 2026-02-01)']],
    ['unchanged', []],
  ]);
  expect(runOf(aReport([aCheck({ findings: [aFinding()] })])).results[0]).not.toHaveProperty('baselineState');
});

test('what could not be judged is a notification, and a run that was cut short no success', () => {
  const [whole] = runOf().invocations;
  expect(whole?.executionSuccessful).toBe(true);
  expect(whole?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
    'kubelet/sample could not judge: kubelet is not running',
    'sandbox/leaked-shim could not judge: no CNI plugin tells',
  ]);
  const [cut] = runOf(aReport([], { complete: false })).invocations;
  expect(cut).toMatchObject({ executionSuccessful: false });
  expect(cut?.toolExecutionNotifications[0]?.message.text).toMatch(/cut short/);
});

test('a rule tells why, and links where the fault is documented', () => {
  const meta = {
    id: 'sandbox/sample',
    why: 'It matters.',
    proof: 'Seen.',
    tags: [],
    references: ['see the book', 'https://example.org/1'],
  };
  const [rule] = runOf(aReport([aCheck()]), [meta]).tool.driver.rules;
  expect(rule).toMatchObject({ helpUri: 'https://example.org/1', help: { text: 'It matters.\n\nSeen.' } });
});

test('no text is a link or a place for an argument', () => {
  const message = 'net:[4026532177] [here](https://evil) {0} {name}';
  const [result] = runOf(aReport([aCheck({ findings: [aFinding({ message })] })])).results;
  expect(result?.message.text).toBe('net:[4026532177] \\[here](https://evil) {{0}} {name}');
});

const file = { kind: 'file' as const, id: '/etc/containerd/config.toml:14' };
const pod = { kind: 'sandbox' as const, id: 'a'.repeat(64), name: 'default/../../we b' };

test.each([
  [file, [], 'etc/containerd/config.toml', 14],
  [pod, [{ fact: 'pins' as const, at: '/run/netns/x' }], 'nodes/worker-1/sandbox/default/__/__/we%20b', 1],
  [pod, [{ fact: 'runtimeConfig' as const, at: '/etc/crio/crio.conf:0' }], 'etc/crio/crio.conf', 1],
])('%j with %j is shown at %s:%s', (subject, evidence, uri, line) => {
  const place = locationOf('worker-1', { subject, evidence }) as {
    physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } };
  };
  expect(place.physicalLocation.artifactLocation.uri).toBe(uri);
  expect(place.physicalLocation.region?.startLine ?? null).toBe(line);
});
