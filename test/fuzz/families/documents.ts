import path from 'node:path';
import { baselineOf, holdAgainst } from '../../../src/check/baseline.ts';
import { loadBaseline } from '../../../src/cli/baseline.ts';
import { diffCommand } from '../../../src/cli/diff.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { baselineFault } from '../../../src/model/baseline-shape.ts';
import type { Report } from '../../../src/model/report.ts';
import { brokenReport } from '../../report/broken-report.ts';
import { aCheck, aFinding, aReport } from '../../support/report.ts';
import type { Parser } from '../fuzz.ts';
import { mustHold } from '../must.ts';
import { planted } from '../planted.ts';

const node = planted();
const at = (file: string) => path.join(node().root, file);

const ignored = { by: 'baseline', reason: 'since 2026-01-02', until: '' } as const;
const accepted = aCheck({ verdict: 'found', ignored: [{ ...aFinding(), ignored }] });
const [gone] = baselineOf(brokenReport).findings;
const REPORT: Report = {
  ...aReport([...brokenReport.checks, accepted]),
  facts: brokenReport.facts,
  baseline: { file: 'known.json', takenAt: '2026-01-02T03:04:05Z', gone: gone ? [gone] : [] },
};

const baseline: Parser = {
  files: ['cli/baseline.ts', 'cli/read-document.ts', 'model/baseline-shape.ts', 'model/document-shape.ts'],
  name: 'a baseline, or a report as one',
  kind: 'json',
  samples: [JSON.stringify(baselineOf(brokenReport)), JSON.stringify(REPORT)],
  count: 3000,
  refuses: (error) => error instanceof UsageError && error.message.includes('/known.json'),
  parse(_, bytes) {
    node().put('known.json', bytes);
    const { known } = loadBaseline(at('known.json'));
    const { checks } = holdAgainst(known, REPORT.checks);
    mustHold(checks.length === REPORT.checks.length, 'a check is lost');
    const fault = baselineFault(baselineOf({ ...REPORT, checks }, known));
    mustHold(fault === null, `what would be saved again: ${fault}`);
  },
};

const report: Parser = {
  files: ['cli/diff.ts', 'model/report-shape.ts'],
  name: 'a report, and how it differs from another one',
  kind: 'json',
  samples: [JSON.stringify(REPORT)],
  count: 2000,
  refuses: (error) => error instanceof UsageError && error.message.includes('/report.json'),
  async parse(_, bytes) {
    node().put('whole.json', Buffer.from(JSON.stringify(REPORT)));
    node().put('report.json', bytes);
    for (const output of ['json', 'table']) {
      let text = '';
      const terminal = {
        env: {},
        isTerminal: false,
        columns: 80,
        out: (more: string | Uint8Array) => {
          text += String(more);
        },
        err: () => {},
        errIsTerminal: false,
        canAsk: () => false,
        ask: async () => '',
      };
      const code = await diffCommand({ from: at('whole.json'), to: at('report.json'), output }, terminal);
      mustHold(code === 0 || code === 1, `exit code ${code}`);
      mustHold(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text), 'a control character gets through');
    }
  },
};

export const DOCUMENTS: readonly Parser[] = [baseline, report];
