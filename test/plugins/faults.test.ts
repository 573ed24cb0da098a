import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { filesOfPackage } from '../../src/cli/plugins/packages.ts';
import { runPodctl } from '../support/cli.ts';
import { checksFolder, execOf, jqOf, judged, moduleOf, nodeIn } from './kit.ts';

const YAML = `schema: podctl.check/v1
kind: JqCheck
meta:
  id: acme.a/b
  title: All is well
  failureTitle: Something is wrong
  why: It matters
  needs: [sandboxes]
jq: '.sandboxes[]'
`;
const MODULE = moduleOf('acme.a/b', 'return [];');
const with_ = (text: string, from: string, to: string) => {
  if (!text.includes(from)) throw new Error(`${from} is not in the text`);
  return text.replace(from, to);
};

/** Files by what is wrong with them, and what is said, behind the name of the file. */
const FAULTS: [name: string, text: string, said: string][] = [
  [
    'unknown-key.check.yaml',
    with_(YAML, 'failureTitle:', 'failuretitle:'),
    ':6: "meta.failuretitle" is no key of a check: did you mean failureTitle?',
  ],
  ['unknown-top.check.yaml', `${YAML}comand: [x]\n`, ':10: "comand" is no key of a JqCheck: keys here are'],
  ['lacks.check.yaml', with_(YAML, '  title: All is well\n', ''), ':4: meta.title is missing'],
  [
    'kind.check.yaml',
    with_(YAML, 'JqCheck', 'JqChek'),
    ':2: kind = "JqChek" is not one of JqCheck, ExecCheck: did you mean JqCheck?',
  ],
  [
    'schema.check.yaml',
    with_(YAML, 'check/v1', 'check/v2'),
    ':1: schema = "podctl.check/v2" is not one of podctl.check/v1',
  ],
  [
    'id.check.yaml',
    with_(YAML, 'acme.a/b', 'netns/mine'),
    ':4: meta.id = "netns/mine" is not an id as VENDOR.AREA/NOUN',
  ],
  ['number.check.yaml', with_(YAML, 'All is well', '7'), ':5: meta.title is a number, not a text'],
  [
    'fact.check.yaml',
    with_(YAML, '[sandboxes]', '[sandboxs]'),
    ':8: meta.needs.1 = "sandboxs" is not one of',
  ],
  [
    'severity.check.yaml',
    with_(YAML, '  why', '  severity: fatal\n  why'),
    ':7: meta.severity = "fatal" is not one of info, warning, error',
  ],
  ['twice.check.yaml', with_(YAML, '  why', '  title: again\n  why'), ':7: this key comes twice'],
  [
    'alias.check.yaml',
    with_(with_(YAML, 'All is well', '&a All'), 'It matters', '*a'),
    ':7: an alias (*) is not used here',
  ],
  ['broken.check.yaml', 'a: [', ':1: it is not valid YAML'],
  ['empty.check.yaml', '# nothing\n', ':1: it is empty'],
  ['list.check.yaml', '- a\n', ':1: the file is a list, not keys with values'],
  ['timeout.check.yaml', `${YAML}timeout: 2h\n`, ':10: timeout = "2h" is not a duration of at most 1m'],
  [
    'dialect.check.yaml',
    with_(execOf('acme.a/x', ['true']), '"nagios"', '"icinga"'),
    ':16: dialect = "icinga" is not one of nagios, npd',
  ],
  ['command.check.yaml', execOf('acme.a/x', []), ':1: command is empty'],
  [
    'both.check.yaml',
    with_(YAML, '[sandboxes]', '[sandboxes]\n  wants: [sandboxes]'),
    ':3: meta.wants has sandboxes, which meta.needs has already',
  ],
  [
    'said.check.yaml',
    with_(YAML, '  why', '  messages: { said: x }\n  why'),
    ":3: meta.messages.said is podctl's own",
  ],
  ['syntax.check.mjs', 'export default {', ' does not load: SyntaxError: Unexpected end of input (line 1)'],
  ['throws.check.mjs', 'throw new Error("at import")', ' does not load: Error: at import (line 1)'],
  ['loops.check.mjs', 'for (;;);', ' does not load: no answer within 2 s'],
  ['exits.check.mjs', 'process.exit(0)', ' does not load: it ended without an answer'],
  ['imports.check.mjs', `import yaml from 'yaml';\n${MODULE}`, ' does not load: '],
  ['nothing.check.mjs', 'export const a = 1;', ': its default export is no check'],
  ['text.check.mjs', 'export default "x";', ': its default export is a text, not keys with values'],
  [
    'no-run.check.mjs',
    with_(MODULE, 'run(facts, settings) { return []; }', 'run: 7'),
    ': run of acme.a/b is not a function',
  ],
  [
    'key.check.mjs',
    with_(MODULE, "why: 'It matters'", "why: 'x', sevrity: 'error'"),
    ':1: "meta.sevrity" is no key of a check: did you mean severity?',
  ],
  [
    'same.check.mjs',
    `${MODULE.replace('export default', 'const a =')}export default [a, a];`,
    ': two checks of it are called acme.a/b',
  ],
  ['node.check.js', '', ' is not read: a file of checks is called node.check.mjs'],
  ['node.check.yml', '', ' is not read: a file of checks is called node.check.yaml'],
  ['plain.mjs', '', ' is not read: a file of checks is called plain.check.mjs'],
];

it('names file, line and fault of everything that does not load, and judges the rest', async () => {
  const folder = checksFolder({
    ...Object.fromEntries(FAULTS.map(([name, text]) => [name, text])),
    'ok.check.mjs': moduleOf('acme.good/ok', 'return [];'),
    'README.md': 'Nothing to do with checks.',
    'notes.txt': '',
  });
  const { check, code } = await judged(folder);
  const found = new Map(
    check('podctl/check-unusable').findings.map(({ subject, ...more }) => [path.basename(subject.id), more]),
  );
  for (const [name, , said] of FAULTS)
    expect.soft(found.get(name)?.message, name).toContain(`${folder}/${name}${said}`);
  expect([...found.keys()].sort()).toEqual(FAULTS.map(([name]) => name).sort());
  expect(found.get('node.check.yml')).toMatchObject({
    messageId: 'misnamed',
    severity: 'warning',
    remedies: [{ commands: [`mv ${folder}/node.check.yml ${folder}/node.check.yaml`] }],
  });
  expect(check('acme.good/ok').verdict).toBe('pass');
  expect(code).toBe(1);
});

it('says of a check that is asked for in vain where to look', async () => {
  const folder = checksFolder({ 'b.check.yaml': with_(YAML, 'why:', 'wy:') });
  const doctor = await runPodctl([
    'doctor',
    'acme.a/b',
    '--checks',
    folder,
    '--from-snapshot',
    nodeIn(folder),
  ]);
  expect(doctor).toMatchObject({
    code: 2,
    stderr:
      'error: no check is called "acme.a/b"\nhint: podctl doctor podctl/check-unusable tells which files of checks are not used\n',
  });
  const list = await runPodctl(['checks', '--checks', folder, '-o', 'name']);
  expect(list.stdout).not.toContain('acme.');
  expect(list.stderr).toContain(`note: ${folder}/b.check.yaml:7: "meta.wy" is no key of a check`);
  const none = await runPodctl(['checks', '--checks', `${folder}/none`]);
  expect(none).toMatchObject({ code: 2, stderr: `error: --checks: there is no ${folder}/none\n` });
  const odd = await runPodctl(['checks', '--checks', `${folder}/node.json`]);
  expect(odd.stderr).toContain(`--checks: ${folder}/node.json is no file of checks by its name`);
});

it('takes the first of two checks with one id, and names both files', async () => {
  const folder = checksFolder({
    'a.check.mjs': MODULE,
    'b.check.yaml': YAML,
    'c.check.yaml': jqOf('acme.a/c', 'empty'),
  });
  fs.symlinkSync('a.check.mjs', path.join(folder, 'again.check.mjs'));
  const { check } = await judged(folder);
  expect(check('podctl/check-unusable').findings.map(({ message }) => message)).toEqual([
    `${folder}/b.check.yaml is not used: acme.a/b is the id of a check in ${folder}/a.check.mjs already`,
  ]);
  expect(check('acme.a/b').verdict).toBe('pass');
  expect(check('acme.a/c').verdict).toBe('pass');
});

it('finds the files that a package names, and says what is wrong with one that names none', () => {
  const folder = checksFolder({
    'node_modules/@acme/checks/package.json':
      '{"podctl": {"checks": ["checks/*.check.mjs", "./one.check.yaml"]}}',
    'node_modules/@acme/checks/checks/a.check.mjs': MODULE,
    'node_modules/@acme/checks/checks/b.txt': '',
    'node_modules/@acme/checks/one.check.yaml': YAML,
    'node_modules/out/package.json': '{"podctl": {"checks": "../other.check.mjs"}}',
    'node_modules/odd/package.json': '{"podctl": {"checks": 7}}',
    'node_modules/none/package.json': '{"podctl": {"checks": "*.check.mjs"}}',
    'node_modules/torn/package.json': '{',
  });
  const files = (name: string) => filesOfPackage(name, ['/nowhere', folder]);
  const at = `${folder}/node_modules/@acme/checks`;
  expect(files('@acme/checks')).toEqual([
    { file: `${at}/checks/a.check.mjs` },
    { file: `${at}/one.check.yaml` },
  ]);
  const said = (name: string) => files(name).map(({ unusable }) => unusable?.message);
  const manifest = (name: string) => `${folder}/node_modules/${name}/package.json`;
  expect(said('out')).toEqual([
    `${manifest('out')}: podctl.checks leads out of the package: ../other.check.mjs`,
  ]);
  expect(said('odd')).toEqual([`${manifest('odd')}: podctl.checks is neither a path nor a list of paths`]);
  expect(said('none')).toEqual([`${manifest('none')}: podctl.checks names no file of checks that is there`]);
  expect(said('torn')).toEqual([`${manifest('torn')} is not an object as JSON`]);
  expect(said('gone')).toEqual(['the package gone, which the configuration names, is not installed']);
  expect(files('gone')[0]?.unusable?.cure).toEqual(['npm', 'install', '--prefix', '/etc/podctl', 'gone']);
  fs.chmodSync(manifest('odd'), 0o666);
  expect(files('odd')[0]?.unusable).toMatchObject({
    kind: 'untrusted',
    cure: ['chmod', 'go-w', manifest('odd')],
  });
});
