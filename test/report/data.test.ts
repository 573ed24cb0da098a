import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { isUnsafe } from '../../src/report/escape.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderYaml } from '../../src/report/yaml.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';

const name = 'a\x1b[31m\x9b"quoted"\n\u202e# no comment: - [x]\u2028';
const hostile = aReport([
  aCheck({
    findings: [aFinding({ subject: { kind: 'sandbox', id: 'x'.repeat(10_000), name }, message: name })],
  }),
]);

test('JSON is one object that ends with a newline and moves no terminal', () => {
  const text = renderJson(hostile);
  expect(text.endsWith('}\n')).toBe(true);
  expect(text.split('\n').some(isUnsafe)).toBe(false);
  expect(JSON.parse(text)).toEqual(hostile);
});

test('YAML says the same', async () => {
  const text = await renderYaml(hostile);
  expect(text.split('\n').some(isUnsafe)).toBe(false);
  expect(parse(text)).toEqual(hostile);
});
