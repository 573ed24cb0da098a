import { expect, test } from 'vitest';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { rule } from '../../src/cli/config/ruling.ts';
import { FORMATS, render } from '../../src/cli/render.ts';
import { doctorRequest } from '../../src/cli/request.ts';
import { sickNode } from '../support/sick-node.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { richReport } from './rich-report.ts';

const request = doctorRequest({}, {}, await rule([], builtinChecks), () => 'missing');
const { facts } = snapshotOf(sickNode());
const terminal = {
  env: {},
  isTerminal: false,
  errIsTerminal: false,
  columns: 80,
  out() {},
  err() {},
  canAsk: () => false,
  ask: async () => '',
};

/** What programs read must not change unnoticed: `npx vitest -u` writes what is now, to be looked at in the diff. */
test.each(FORMATS)('%s is what it was', async (format) => {
  const text = await render(richReport, format, request, terminal, facts);
  await expect(text).toMatchFileSnapshot(`golden/${format}.txt`);
});
