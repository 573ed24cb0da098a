import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rule } from '../../src/cli/config/ruling.ts';
import { render } from '../../src/cli/render.ts';
import { doctorRequest } from '../../src/cli/request.ts';
import type { Facts } from '../../src/model/facts.ts';
import { isUnsafe } from '../../src/report/escape.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';
import { NOBODY } from '../support/rendered.ts';
import { aReport } from '../support/report.ts';
import { nodeWithPods, sickNode } from '../support/sick-node.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { type Browser, findChromium, type Opened, startBrowser } from './browser.ts';
import { HOSTILE, hostileNode, manyFindings, SHOWN } from './html-nodes.ts';
import { textsOf } from './picture-facts.ts';

const folder = folderForFile();
const chromium = await findChromium();
const NODES: Record<string, () => Facts> = {
  empty: () => nodeWithPods(0).node,
  healthy: () => nodeWithPods(100).node,
  sick: () => sickNode(8),
  full: () => sickNode(100),
  hostile: hostileNode,
};
const file = (name: string, ext = 'html') => path.join(folder, `${name}.${ext}`);

test('Chromium is there, or it is said why not', () => {
  expect(chromium).not.toBe('');
  if (typeof chromium === 'string') process.stderr.write(`html in a browser: skipped: ${chromium}\n`);
});

describe.runIf(typeof chromium !== 'string')('in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    for (const [name, make] of Object.entries(NODES)) {
      fs.writeFileSync(file(name, 'json'), JSON.stringify(snapshotOf(make())));
      const from = ['--from-snapshot', file(name, 'json')];
      const { code } = await runPodctl(['doctor', ...from, '--report', `html=${file(name)}`]);
      expect(code).toBeLessThan(2);
      fs.writeFileSync(file(name, 'svg'), (await runPodctl(['tree', '-o', 'svg', ...from])).stdout);
    }
    if (typeof chromium !== 'string') browser = await startBrowser(chromium);
  });

  afterAll(() => browser?.end());

  const cases: [string, number][] = Object.keys(NODES).flatMap((name) => [
    [name, 360],
    [name, 1600],
  ]);

  test.each([...cases, ['sick', 800]] as const)(
    'a report of a node that is %s opens without fault, %i px wide',
    async (name, width) => {
      const { page, said, requests } = await browser.open(file(name), { viewport: { width, height: 800 } });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const shown = page.locator('.drawing > svg:visible');
      expect(await shown.count()).toBe(1);
      await page.context().close();
      expect(said).toEqual([]);
      expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
      expect(requests).toHaveLength(1);
    },
  );

  test.each([
    ['empty', 'light'],
    ['sick', 'light'],
    ['sick', 'dark'],
    ['full', 'dark'],
    ['hostile', 'light'],
  ] as const)(
    'axe finds no serious fault in a report of a node that is %s, %s',
    async (name, colorScheme) => {
      const opened = await browser.open(file(name), { colorScheme });
      expect(await faultsOf(opened)).toEqual([]);
      // What is folded is judged as well.
      await opened.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
      expect(await faultsOf(opened)).toEqual([]);
      await opened.page.context().close();
    },
  );

  test('axe does find faults', async () => {
    const opened = await browser.open(file('empty'));
    await opened.page.evaluate("document.documentElement.removeAttribute('lang')");
    expect(await faultsOf(opened)).toHaveLength(1);
    await opened.page.context().close();
  });

  test('the picture says what the facts say, and nothing else', async () => {
    const { page } = await browser.open(file('sick'), { viewport: { width: 1600, height: 800 } });
    // What is cut is whole in its title, what is broken into lines is joined again.
    const told = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll('.drawing > svg.c3 text')].map((one) =>
      one.querySelector('title')?.textContent ??
      (one.children.length === 0 ? one.textContent : [...one.children].map((line) => line.textContent).join(' ')))`);
    const { stdout } = await runPodctl(['doctor', '-o', 'json', '--from-snapshot', file('sick', 'json')]);
    expect([...new Set(told)].sort()).toEqual([...textsOf(sickNode(8), JSON.parse(stdout))].sort());
    await page.context().close();
  });

  test('a mark in the picture leads to its finding', async () => {
    const { page } = await browser.open(file('sick'), { viewport: { width: 1600, height: 800 } });
    await page.locator('.drawing > svg.c3 a', { hasText: 'another network namespace' }).first().click();
    const id = new URL(page.url()).hash.slice(1);
    const finding = page.locator(`#${id}`);
    expect(await finding.isVisible()).toBe(true);
    expect(await finding.innerText()).toContain('crictl stop');
    await page.context().close();
  });

  test('a script copies commands and filters findings', async () => {
    const { page } = await browser.open(file('sick'), { permissions: ['clipboard-read', 'clipboard-write'] });
    const command = page.locator('.command', { hasText: 'crictl stop' }).first();
    await command.getByRole('button').click();
    const text = await command.evaluate((box) => box.firstChild?.textContent);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(text);
    await page.getByLabel('Only with').fill('10.88.0.241');
    const shown = await page.locator('.finding:visible').allInnerTexts();
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain('10.88.0.241');
    await page.context().close();
  });

  test('5,000 findings take less than 5 MB, open, and can be filtered', async () => {
    const report = aReport([manyFindings(5000)]);
    const request = doctorRequest({}, {}, await rule([], []), () => 'missing');
    const html = await render(report, 'html', request, NOBODY, snapshotOf(sickNode(100)).facts);
    expect(Buffer.byteLength(html)).toBeLessThan(5e6);
    fs.writeFileSync(file('many'), html);
    const { page, said } = await browser.open(file('many'), { viewport: { width: 360, height: 800 } });
    expect(await page.locator('.finding').count()).toBe(5000);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.getByLabel('Only with').fill('default/web-4321 ');
    expect(await page.locator('.finding:visible').count()).toBe(1);
    await page.context().close();
    expect(said).toEqual([]);
  });

  test('without scripts everything is there, on screen and in print', async () => {
    const { page } = await browser.open(file('sick'), { javaScriptEnabled: false });
    expect(await page.locator('.filter').isVisible()).toBe(false);
    expect(await page.locator('.command button').count()).toBe(0);
    await page.locator('#passed > summary').click();
    expect(await page.locator('#passed li').first().isVisible()).toBe(true);
    expect(await page.locator('#facts li').first().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#facts li').first().isVisible()).toBe(true);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.context().close();
  });

  test('names that mean harm are text', async () => {
    const { page } = await browser.open(file('hostile'));
    expect(await page.evaluate('typeof pwned')).toBe('undefined');
    expect(await page.locator('img, script:not(body > script), svg[onload]').count()).toBe(0);
    const text = await page.locator('body').innerText();
    expect(text).toContain(SHOWN);
    expect(text).not.toContain(HOSTILE);
    expect(text.split('\n').filter(isUnsafe)).toEqual([]);
    await page.context().close();
  });

  test.each(Object.keys(NODES))('the picture alone of a node that is %s is an image', async (name) => {
    const image = `data:image/svg+xml,${encodeURIComponent(fs.readFileSync(file(name, 'svg'), 'utf8'))}`;
    fs.writeFileSync(
      file(`${name}-image`),
      `<!doctype html><link rel="icon" href="data:,"><img src="${image}">`,
    );
    const { page, said } = await browser.open(file(`${name}-image`));
    expect(await page.evaluate('document.images[0].naturalWidth')).toBe(1080);
    await page.context().close();
    expect(said).toEqual([]);
  });
});

async function faultsOf({ page }: Opened): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
}
