import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { rule } from '../../src/cli/config/ruling.ts';
import { FORMATS, render } from '../../src/cli/render.ts';
import { doctorRequest } from '../../src/cli/request.ts';
import type { Report, ReportedCheck } from '../../src/model/report.ts';
import { NOBODY } from '../support/rendered.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { inMs, median, printTable } from './timing.ts';

const COLUMNS = 100;
const SMALL = 1000;
const LARGE = 5000;
/** The first runs of a renderer load and compile it. */
const WARM_UP = 2;

/** How findings may lie: all of one check, all with one message, or five a check, explained by those of the one before. */
const SHAPES: Record<string, (count: number) => ReportedCheck[]> = {
  'one check': (count) => [checkOf(0, count)],
  'one message': (count) => {
    const check = checkOf(0, count);
    return [{ ...check, findings: check.findings.map((f) => ({ ...f, message: check.failureTitle })) }];
  },
  'many checks': (count) => Array.from({ length: count / 5 }, (_, n) => checkOf(n, 5)),
};

/** Prints what a report of 1,000 and of 5,000 findings costs the processor in every format; 5 times as much is linear. */
export async function benchReport(runs: number): Promise<void> {
  const rows = [['FORMAT', 'FINDINGS', `${SMALL}`, `${LARGE}`, 'RATIO', 'SIZE']];
  for (const [shape, checksOf] of Object.entries(SHAPES)) {
    const small = aReport(checksOf(SMALL));
    const large = aReport(checksOf(LARGE));
    for (const format of FORMATS) {
      const few = await timeOf(format, small, runs);
      const many = await timeOf(format, large, runs);
      const size = `${(Buffer.byteLength(many.text) / 1e6).toFixed(2)} MB`;
      rows.push([format, shape, inMs(few.ms), inMs(many.ms), (many.ms / few.ms).toFixed(1), size]);
    }
  }
  printTable(rows);
}

async function timeOf(format: (typeof FORMATS)[number], report: Report, runs: number) {
  const request = { ...doctorRequest({}, {}, await rule([], builtinChecks), () => 'missing'), verbosity: 1 };
  const times: number[] = [];
  let text = '';
  for (let run = -WARM_UP; run < runs; run += 1) {
    const before = process.cpuUsage();
    text = await render(report, format, request, { ...NOBODY, columns: COLUMNS }, {});
    const { user, system } = process.cpuUsage(before);
    if (run >= 0) times.push((user + system) / 1000);
  }
  return { ms: median(times), text };
}

function checkOf(n: number, count: number): ReportedCheck {
  const id = `sandbox/sample-${n}`;
  const subject = (i: number) => ({
    kind: 'sandbox' as const,
    id: `${n * count + i}`.padStart(64, 'a'),
    name: `default/web-${i}`,
  });
  const findings = Array.from({ length: count }, (_, i) =>
    aFinding({
      subject: subject(i),
      message: `The network namespace of default/web-${i} outlived its sandbox`,
      evidence: [
        { fact: 'pins', at: `/run/netns/cni-${n}-${i}`, value: `net:[${4_026_532_000 + i}]` },
        { fact: 'reservations', at: `/var/lib/cni/networks/podnet/10.88.${n % 256}.${i % 256}` },
      ],
      remedies: [
        { id: 'a', title: 'Remove', risk: 'safe', commands: [`crictl rmp ${subject(i).id}`] },
        { id: 'b', title: 'Remove them all', risk: 'safe', commands: ['podctl gc netns'] },
      ],
      explainedBy:
        n === 0 ? [] : [{ check: `sandbox/sample-${n - 1}`, messageId: 'missing', subject: subject(i) }],
      fingerprint: `${id} missing sandbox default/web-${i}`,
    }),
  );
  return aCheck({ id, failureTitle: 'Network namespaces outlived their sandboxes', findings });
}
