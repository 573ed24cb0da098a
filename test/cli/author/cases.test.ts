import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runPodctl } from '../../support/cli.ts';

const TWO = `
const meta = (noun, more) => ({ id: 'acme.t/' + noun, title: 't', failureTitle: 'f', why: 'w', needs: ['sandboxes'], ...more });
export default [
  { meta: meta('down'), run: ({ sandboxes }) => sandboxes.filter((s) => s.state !== 'ready').map((s) => s.name + ' is down') },
  { meta: meta('full'), run: ({ sandboxes }, { options }) => (sandboxes.length > (options?.limit ?? 9) ? ['full', 'full'] : []) },
];
`;

/** Runs a test with these cases (YAML) on two checks. */
async function runCases(cases: string, head = 'schema: podctl.check-test/v1\ncheck: two.check.mjs\n') {
  const dir = fs.realpathSync(fs.mkdtempSync('/tmp/podctl-author-'));
  onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }));
  fs.writeFileSync(path.join(dir, 'two.check.mjs'), TWO);
  fs.writeFileSync(path.join(dir, 'two.test.yaml'), `${head}cases:\n${cases}`);
  const { stdout, ...ran } = await runPodctl(['checks', 'test', 'two.test.yaml'], { cwd: dir });
  return { ...ran, stdout: stdout.replaceAll(/\d+(\.\d)? m?s\)/g, 'N)') };
}

test('cases hold whatever the order of findings, and name the verdict of each check', async () => {
  const { code, stdout } = await runCases(`
  - { name: ordinary, finds: [], verdict: pass }
  - name: two down
    change: (.sandboxes[0].state, .sandboxes[1].state) = "notready"
    finds: [agent is down, web is down]
  - { name: full, options: { limit: 2 }, finds: [full, full] }
  - { name: gone, change: del(.sandboxes), verdict: skipped }
`);
  expect(stdout).toBe(
    'ok    ordinary  (N)\nok    two down  (N)\nok    full  (N)\nok    gone  (N)\n4 of 4 cases hold\n',
  );
  expect(code).toBe(0);
});

test.each([
  ['{ name: a, finds: [x] }', ['not found: x']],
  ['{ name: a, options: { limit: 2 }, finds: [full] }', ['found: full']],
  [
    '{ name: a, change: del(.sandboxes), finds: [x] }',
    [
      'not found: x',
      'acme.t/down is skipped (this case takes it away)',
      'acme.t/full is skipped (this case takes it away)',
    ],
  ],
  ['{ name: a, verdict: found }', ['acme.t/down is pass, not found', 'acme.t/full is pass, not found']],
  [
    '{ name: a, finds: [], change: \'.sandboxes[0].state = "x"\' }',
    ['change: sandboxes[0].state is not one of ready, notready: podctl facts --schema sandboxes'],
  ],
  ['{ name: a, finds: [], change: .weather = 1 }', ['change: there is no fact weather']],
  [
    '{ name: a, finds: [], change: .sandboxes }',
    ['change: it gives something else than one object, all facts by name'],
  ],
  [
    '{ name: a, finds: [], change: empty }',
    ['change: it gives something else than one object, all facts by name'],
  ],
  ['{ name: "a\\e[31m", finds: [], change: "def f: f; f" }', ['change: no answer within 5 s']],
])('the case %s fails, and says in what', async (one, wrong) => {
  const { code, stdout } = await runCases(`  - ${one}\n`);
  const name = one.includes('\\e') ? 'a\\x1b[31m' : 'a';
  expect(stdout).toBe(
    `FAIL  ${name}  (N)\n${wrong.map((line) => `      ${line}\n`).join('')}0 of 1 cases hold\n`,
  );
  expect(code).toBe(1);
});

test.each([
  [
    '  - { nam: a, finds: [] }\n',
    undefined,
    'two.test.yaml:4: "cases.1.nam" is no key of a case: did you mean name?',
  ],
  ['  - { name: a }\n', undefined, 'the case "a" says neither finds nor verdict'],
  ['  []\n', undefined, 'it has no cases'],
  [
    '  - { name: a, finds: [] }\n',
    'schema: podctl.check-test/v2\ncheck: two.check.mjs\n',
    ':1: schema = "podctl.check-test/v2"',
  ],
  [
    '  - { name: a, finds: [] }\n',
    'schema: podctl.check-test/v1\ncheck: other.check.mjs\n',
    'there is no file',
  ],
  ['  - {\n', undefined, 'is not valid YAML'],
])('a test that says %j cannot be run', async (cases, head, said) => {
  const { code, stdout, stderr } = await runCases(cases, head);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
});
