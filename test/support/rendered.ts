import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { rule } from '../../src/cli/config/ruling.ts';
import { type Format, render } from '../../src/cli/render.ts';
import { doctorRequest } from '../../src/cli/request.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Report } from '../../src/model/report.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';

/** Nobody looks, and nobody can be asked. */
export const NOBODY: Terminal = {
  env: {},
  isTerminal: false,
  errIsTerminal: false,
  columns: 80,
  out() {},
  err() {},
  canAsk: () => false,
  ask: async () => '',
};

const request = doctorRequest({}, {}, await rule([], builtinChecks), () => 'missing');

/** As `podctl doctor -o FORMAT` writes it into a pipe. */
export function rendered(report: Report, format: Format, facts: Snapshot['facts'] = {}): Promise<string> {
  return render(report, format, request, NOBODY, facts);
}
