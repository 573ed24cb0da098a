import { expect, test } from 'vitest';
import { nodePicture } from '../../src/derive/picture/node.ts';
import type { Facts } from '../../src/model/facts.ts';
import { renderPicture } from '../../src/report/picture/picture.ts';
import { hostileNode } from '../consumers/html-nodes.ts';
import { aCheck, aFinding } from '../support/report.ts';
import { nodeWithPods, sickNode } from '../support/sick-node.ts';
import { snapshotOf } from '../support/snapshot.ts';

const draw = (node: Facts, findings = [aFinding()]) =>
  renderPicture(nodePicture(snapshotOf(node).facts, [aCheck({ findings })]));

/** What stands between tags, without the style. */
const textsIn = (svg: string) =>
  [...svg.replace(/<style>.*?<\/style>/s, '').matchAll(/>([^<>\n]+)</g)].map(([, text]) => text);

test('a sick node is what it was', async () => {
  await expect(draw(sickNode())).toMatchFileSnapshot('golden/picture.txt');
});

test('the same node gives the same picture', () => {
  const facts = sickNode(40);
  const turned = { ...facts, sandboxes: [...facts.sandboxes].reverse() };
  expect(draw(facts)).toBe(draw(sickNode(40)));
  expect(draw(turned)).toBe(draw(facts));
});

test('of 1,000 pods the sick ones are large, and all are counted', () => {
  const { node } = nodeWithPods(899);
  const svg = draw(node, []);
  expect(textsIn(svg)).toContain('and 471 more pods');
  expect(textsIn(draw(sickNode(100), []))).toContain('is gone');
});

test('a pod without a fault is a line, one with a fault says what it is', () => {
  const { node, pods } = nodeWithPods(2);
  const quiet = textsIn(draw(node, []));
  expect(quiet).toContain('prod/api-1');
  expect(quiet).not.toContain('pause');
  const found = aFinding({
    message: 'something is wrong with it',
    subject: { kind: 'sandbox', id: pods[1]?.sandbox.id ?? '' },
  });
  const loud = textsIn(draw(node, [found]));
  expect(loud).toContain('something is wrong with it');
  expect(loud).toContain('pause');
});

test('what is cut is whole in its title', () => {
  const { node, pods } = nodeWithPods(1);
  const long = 'n'.repeat(253);
  if (pods[0]) pods[0].sandbox.name = long;
  const texts = textsIn(draw(node, []));
  expect(texts.filter((text) => text === `default/${long}`)).toHaveLength(1);
  expect(texts.some((text) => /^default\/n+\.\.\.n+$/.test(text ?? ''))).toBe(true);
});

test('names that mean harm are text, and nothing is loaded or run', () => {
  const svg = draw(hostileNode());
  expect(svg).not.toMatch(/<(script|img|foreignObject)|<[^>]*\son\w+=|(href|src)="(?!#)/);
  expect(svg).not.toMatch(/[\0-\x09\x0b-\x1f\u202e\ufffe]/);
});
