import { expect, test } from 'vitest';
import { FORMATS } from '../../src/cli/render.ts';
import { rendered } from '../support/rendered.ts';
import { sickNode } from '../support/sick-node.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { richReport } from './rich-report.ts';

const { facts } = snapshotOf(sickNode());

/** What programs read must not change unnoticed: `npx vitest -u` writes what is now, to be looked at in the diff. */
test.each(FORMATS)('%s is what it was', async (format) => {
  await expect(await rendered(richReport, format, facts)).toMatchFileSnapshot(`golden/${format}.txt`);
});
