import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root, runPodctl } from '../../support/cli.ts';

const RECORDED = path.join(root, 'test/scenarios/pause-killed-2.1.9.snapshot.json');
/** Of somebody who shares his files with a group: checks would then not be used. */
const UMASK = 0o002;

function workshop(): { dir: string; run: (...args: string[]) => ReturnType<typeof runPodctl> } {
  const dir = fs.realpathSync(fs.mkdtempSync('/tmp/podctl-author-'));
  onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }));
  return { dir, run: (...args) => runPodctl(args, { cwd: dir }) };
}

const KINDS: [string, string[], string[]][] = [
  ['a module', [], ['many.check.mjs', 'many.test.yaml']],
  ['a jq expression', ['--jq'], ['many.check.yaml', 'many.test.yaml']],
  ['a program', ['--exec'], ['many.check.yaml', 'check_many.sh', 'many.test.yaml']],
];

describe.each(KINDS)('%s', (_, option, files) => {
  test('is written, works, and its test holds', async () => {
    const { dir, run } = workshop();
    const before = process.umask(UMASK);
    const made = await run('checks', 'new', 'acme.pods/many', ...option).finally(() => process.umask(before));
    expect([made.code, made.stdout]).toEqual([0, files.map((file) => `${file}\n`).join('')]);
    expect(fs.readdirSync(dir).sort()).toEqual([...files].sort());
    expect(made.stderr).toContain('podctl checks test many.test.yaml');
    const tested = await run('checks', 'test', 'many.test.yaml');
    expect(tested.stderr).toBe('');
    expect(tested.stdout).toMatch(/^(ok {4}.+\n){4}4 of 4 cases hold\n$/);
    expect(tested.code).toBe(0);
    const judged = await run('checks', 'test', files[0] ?? '', '--from-snapshot', RECORDED);
    expect([judged.code, judged.stdout]).toEqual([0, expect.stringMatching(/^acme\.pods\/many {3}pass {3}/)]);
    const doctor = await run(
      'doctor',
      'acme.pods/many',
      '--checks',
      '.',
      '--from-snapshot',
      RECORDED,
      '-o',
      'json',
    );
    expect(JSON.parse(doctor.stdout).checks).toMatchObject([{ id: 'acme.pods/many', verdict: 'pass' }]);
  });

  test('is not written over what is there', async () => {
    const { dir, run } = workshop();
    const last = path.join(dir, files.at(-1) ?? '');
    fs.symlinkSync('/nowhere', last);
    const { code, stdout, stderr } = await run('checks', 'new', 'acme.pods/many', ...option);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${path.basename(last)} is there already`);
    expect(fs.readdirSync(dir)).toEqual([path.basename(last)]);
  });
});

test.each([
  [['pods/many'], 'podctl checks new acme.pods/many'],
  [['Acme.pods/many'], 'such as acme.pods/crowded'],
  [['acme.pods/../many'], 'such as acme.pods/crowded'],
  [['acme.pods/many', '--jq', '--exec'], 'leave out one'],
  [['acme.pods/many', '--dir', 'no such'], "mkdir -p 'no such'"],
])('podctl checks new %j is refused', async (args, hint) => {
  const { dir, run } = workshop();
  const { code, stdout, stderr } = await run('checks', 'new', ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`hint: ${hint}`);
  expect(fs.readdirSync(dir)).toEqual([]);
});

/** The check of a new author, altered. */
async function altered(alter: (text: string) => string, name = 'many.check.mjs') {
  const { dir, run } = workshop();
  await run('checks', 'new', 'acme.pods/many', ...(name.endsWith('yaml') ? ['--jq'] : []));
  const file = path.join(dir, name);
  const before = fs.readFileSync(file, 'utf8');
  const after = alter(before);
  if (after === before) throw new Error('nothing was altered');
  fs.writeFileSync(file, after);
  return { dir, file, run };
}

test("a finding is told as the doctor tells it, and the exit code is the doctor's", async () => {
  const { run } = await altered((text) =>
    text.replace('limit = 20', 'limit = 0').replace("'warning'", "'error'"),
  );
  const args = ['checks', 'test', 'many.check.mjs', '--from-snapshot', RECORDED];
  const found = await run(...args);
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(
    /^acme\.pods\/many {3}found {3}\d+ ms\n\nERROR {2}rig runs 1 pods here, and may run 0\n {7}acme\.pods\/many\n$/,
  );
  expect((await run(...args, '--fail-on', 'never')).code).toBe(0);
  const report = JSON.parse((await run(...args, '-o', 'json')).stdout);
  expect(report).toMatchObject({
    schema: 'podctl.report/v1',
    counts: { error: 1 },
    checks: [{ verdict: 'found' }],
  });
});

test.each<[string, (text: string) => string, string, string]>([
  [
    'an unknown key',
    (t) => t.replace('title:', 'titel:'),
    'many.check.mjs',
    ':5: "meta.titel" is no key of a check: did you mean title?',
  ],
  ['a missing key', (t) => t.replace(/.*why: .*\n/, ''), 'many.check.mjs', ':3: meta.why is missing'],
  [
    'bad syntax',
    (t) => t.replace('id: ', 'id:: '),
    'many.check.mjs',
    " does not load: SyntaxError: Unexpected token ':' (line 4)",
  ],
  ['a throw', (t) => t.replace('/**', 'null.x; /**'), 'many.check.mjs', "reading 'x') (line 1)"],
  [
    'an unknown key in YAML',
    (t) => t.replace('title:', 'titel:'),
    'many.check.yaml',
    ':5: "meta.titel" is no key',
  ],
])('%s is told with its line', async (_, alter, name, said) => {
  const { file, run } = await altered(alter, name);
  for (const tested of [name, 'many.test.yaml']) {
    const { code, stdout, stderr } = await run('checks', 'test', tested);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.startsWith(`error: ${file}`)).toBe(true);
    expect(stderr).toContain(said);
  }
});

test('a check that throws is told with the line where it does', async () => {
  const { run } = await altered((text) => text.replace('const ready', 'undefined.x; const ready'));
  const { code, stdout } = await run('checks', 'test', 'many.check.mjs', '--from-snapshot', RECORDED);
  expect([code, stdout]).toEqual([
    3,
    expect.stringMatching(/^acme\.pods\/many {3}unknown .*TypeError: .*\(line 14\)\n$/),
  ]);
});

test('a file that others can write is refused with the command that mends it', async () => {
  const { file, run } = await altered((text) => `${text}\n`);
  fs.chmodSync(file, 0o666);
  const { code, stderr } = await run('checks', 'test', 'many.check.mjs');
  expect([code, stderr]).toEqual([2, expect.stringContaining(`hint: chmod go-w ${file}\n`)]);
});

test.each([
  ['no.check.mjs', 'there is no file'],
  ['no.test.yaml', 'no such file'],
  ['README', 'is no file of checks by its name'],
])('there is nothing to test in %s', async (name, said) => {
  const { dir, run } = workshop();
  fs.writeFileSync(path.join(dir, 'README'), '');
  const { code, stderr } = await run('checks', 'test', name);
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
});
