import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const LABELS = /^(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"(?:,(?=.)|$))*$/;

/** Series and values, read as strictly as the classic text format is meant. Throws on anything else. */
function parse(text: string): Map<string, string> {
  expect(text.endsWith('\n')).toBe(true);
  const series = new Map<string, string>();
  const families = new Set<string>();
  let family = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind = '', name = ''] = /^# (HELP|TYPE) (\S+) \S/.exec(line) ?? [];
    if (kind === 'HELP') {
      expect(name).toMatch(NAME);
      // All lines of a family stand together, and under one head.
      expect(families).not.toContain(name);
      families.add(name);
      family = name;
    } else if (kind === 'TYPE') expect(line).toBe(`# TYPE ${family} gauge`);
    else {
      const [, of, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      expect(of).toBe(family);
      expect(labels).toMatch(LABELS);
      expect(series).not.toContain(`${of}{${labels}}`);
      series.set(`${of}{${labels}}`, value);
    }
  }
  return series;
}

const report = (over: Partial<Report> = {}) =>
  aReport(
    [
      aCheck({ id: 'netns/leaked', findings: [aFinding({ severity: 'warning' }), aFinding()], ms: 1.5 }),
      aCheck({ id: 'cni/odd', verdict: 'unknown' }),
    ],
    { facts: [{ name: 'store', status: 'partial', ms: 1, problems: [], reason: '' }], ...over },
  );

test('findings, verdicts, facts and the run as gauges', () => {
  const series = parse(renderPrometheus(report()));
  expect(Object.fromEntries(series)).toMatchObject({
    'podctl_findings{check="netns/leaked",severity="error"}': '1',
    'podctl_findings{check="netns/leaked",severity="warning"}': '1',
    'podctl_findings{check="netns/leaked",severity="info"}': '0',
    'podctl_findings{check="cni/odd",severity="error"}': '0',
    'podctl_check_verdict{check="netns/leaked",verdict="found"}': '1',
    'podctl_check_verdict{check="netns/leaked",verdict="pass"}': '0',
    'podctl_check_verdict{check="cni/odd",verdict="unknown"}': '1',
    'podctl_check_duration_seconds{check="netns/leaked"}': '0.0015',
    'podctl_fact_status{fact="store",status="partial"}': '1',
    'podctl_sandboxes{}': '100',
    'podctl_run_complete{}': '1',
    'podctl_run_duration_seconds{}': '0.074',
    'podctl_doctor_last_run_timestamp_seconds{}': '1767323045.678',
    'podctl_build_info{version="0.1.0"}': '1',
  });
});

test('the series are the same whatever was found', () => {
  const healthy = aReport([aCheck({ id: 'netns/leaked' }), aCheck({ id: 'cni/odd' })], {
    facts: [{ name: 'store', status: 'failed', ms: 1, problems: [], reason: '' }],
    sandboxes: null,
    containers: null,
    complete: false,
  });
  const series = parse(renderPrometheus(healthy));
  expect([...series.keys()]).toEqual([...parse(renderPrometheus(report())).keys()]);
  expect(series.get('podctl_sandboxes{}')).toBe('NaN');
  expect(series.get('podctl_run_complete{}')).toBe('0');
});

test('labels with quotes, backslashes and newlines are escaped', () => {
  const text = renderPrometheus(aReport([aCheck({ id: 'a"b\\c\nd' })]));
  expect(parse(text).has('podctl_findings{check="a\\"b\\\\c\\nd",severity="error"}')).toBe(true);
});
