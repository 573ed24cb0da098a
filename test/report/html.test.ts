import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { nodePicture } from '../../src/derive/picture/node.ts';
import type { Report } from '../../src/model/report.ts';
import { isUnsafe } from '../../src/report/escape.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { sickNode } from '../support/sick-node.ts';
import { snapshotOf } from '../support/snapshot.ts';
import { hostileReport } from './broken-report.ts';
import { richReport } from './rich-report.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('base64');
const metas = [
  {
    id: 'sandbox/sample',
    why: 'Pods wait for it.',
    references: ['https://example.org/a', 'javascript:alert(1)'],
  },
];
const { facts } = snapshotOf(sickNode());
const page = (report: Report) =>
  renderHtml({ report, metas, picture: nodePicture(facts, report.checks), hash });

test('a healthy node says so', () => {
  const html = page(aReport([aCheck()]));
  expect(html).toContain('<title>worker-1: no faults (podctl doctor)</title>');
  expect(html).toContain('1 check passes');
  expect(html).toContain('Nothing was found.');
  expect(html).not.toContain('class="filter"');
});

test('only what is ours may run, and nothing is fetched', () => {
  const html = page(richReport);
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  expect(html).toContain(`style-src 'sha256-${hash(style)}'; script-src 'sha256-${hash(script)}'`);
  expect(html.match(/<script|<style/g)).toHaveLength(2);
  expect(html).not.toMatch(/ style="|\son\w+="|<(img|iframe|object|embed|base|form)\b|@import|url\(/);
  expect(html).not.toMatch(/src="|<link rel="(?!icon" href="data:,")/);
});

test('every link within the page leads somewhere, to one place', () => {
  const html = page(richReport);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
});

test('causes come before what follows from them, which names them', () => {
  const html = page(richReport);
  const [cause, effect] = ['bridge is not there', '10.88.0.9 is reserved'].map((text) =>
    html.lastIndexOf(text),
  );
  expect(cause).toBeLessThan(effect ?? 0);
  expect(html).toMatch(/, because of <a href="#g\d+"><code>cni\/plugin-missing<\/code><\/a>/);
});

test('why it matters and where to read more; an address that is none is text', () => {
  const html = page(aReport([aCheck({ findings: [aFinding()] })]));
  expect(html).toContain('<p class="why">Pods wait for it.</p>');
  expect(html).toContain('<a href="https://example.org/a" rel="noreferrer">example.org/a</a>');
  expect(html).not.toContain('href="javascript');
});

test('accepted findings, what was not judged and what passed are there, with reasons', () => {
  const html = page(richReport);
  expect(html).toContain('Accepted by the configuration: moved on Friday, until 2026-02-01');
  expect(html).toContain('Known from the baseline');
  expect(html).toContain('does not apply: podman is not on this node');
  expect(html).toContain('not known: kubelet is not running');
  expect(html).toContain('Nothing is missing <code>config/fine</code>');
});

test('what a baseline knew and what is gone is told', () => {
  const known = {
    fingerprint: 'x',
    severity: 'error',
    check: 'netns/leaked',
    since: '2026-01-01T00:00:00Z',
  } as const;
  const gone = [{ ...known, message: 'nobody uses it' }];
  const html = page(aReport([], { baseline: { file: 'known.json', takenAt: '2026-01-01T00:00:00Z', gone } }));
  expect(html).toContain('Gone since known.json');
  expect(html).toContain(
    '<p>nobody uses it</p><code>netns/leaked</code> <span class="dim">known since 2026-01-01',
  );
});

test('a run that was cut short says so above everything', () => {
  expect(page(aReport([], { complete: false }))).toContain('The run was cut short');
});

test('cures and what came of them', () => {
  const step = { id: 's', because: 'its shim is gone', timeoutMs: 1, onFailure: 'stop', guards: [] } as const;
  const plan = {
    ...{ schema: 'podctl.plan/v1', remedy: 'sandbox/remove', risk: 'safe', subject: null, basedOn: '' },
    ...{ notes: ['look at it again'], steps: [{ ...step, action: { kind: 'x' } }] },
  } as unknown as Report['plans'][number];
  const steps = [{ id: 's', status: 'failed' as const, reason: 'no answer', ms: 1 }];
  const html = page(aReport([], { plans: [plan], applied: [{ plan: 0, steps }] }));
  expect(html).toContain('its shim is gone <span class="dim">failed: no answer</span>');
  expect(html).toContain('look at it again');
});

test('names that mean harm are text', () => {
  const html = page(hostileReport);
  expect(html.split('\n').filter(isUnsafe)).toEqual([]);
  expect(html).toContain('\\x1b[2J\\x1b]0;owned\\x07\\u202e&quot;quoted&quot;');
});
