import { expect, test } from 'vitest';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { rule } from '../../src/cli/config/ruling.ts';
import type { PathKind } from '../../src/cli/kind-of.ts';
import { parseArgv } from '../../src/cli/parse.ts';
import { doctorRequest } from '../../src/cli/request.ts';

const PATHS: Record<string, PathKind> = {
  '/tmp': 'folder',
  '/host': 'folder',
  '/': 'folder',
  '/etc/passwd': 'other',
};

async function request(line: string, env: Record<string, string> = {}) {
  const parsed = await parseArgv(['doctor', ...line.split(' ').filter(Boolean)]);
  if (parsed.command !== 'doctor') throw new Error(`parsed as ${parsed.command}`);
  return doctorRequest(parsed.args, env, await rule([], builtinChecks), (path) => PATHS[path] ?? 'missing');
}

test('defaults', async () => {
  expect(await request('')).toEqual({
    checks: builtinChecks,
    policy: { ignores: [], ownConfig: null },
    failOn: 'error',
    output: 'table',
    reports: [],
    jq: null,
    saveSnapshot: null,
    baseline: null,
    saveBaseline: null,
    fromSnapshot: null,
    endpoint: null,
    root: null,
    timeoutMs: 10_000,
    deadlineMs: 15_000,
    minAgeMs: null,
    pauseVersions: null,
    require: [],
    verbosity: 0,
    debug: false,
    colour: 'auto',
    active: null,
  });
});

test.each([
  ['-o json', { output: 'json' }],
  ['-o wide -o yaml', { output: 'yaml' }],
  [
    '--report json=/tmp/a.json --report=wide=/tmp/b=c',
    {
      reports: [
        { format: 'json', file: '/tmp/a.json' },
        { format: 'wide', file: '/tmp/b=c' },
      ],
    },
  ],
  ['-t 2 --deadline 1m --min-age 0', { timeoutMs: 2000, deadlineMs: 60_000, minAgeMs: 0 }],
  ['-r /run/x.sock', { endpoint: '/run/x.sock' }],
  ['--runtime-endpoint=unix:///run/x.sock', { endpoint: '/run/x.sock' }],
  ['--root /host', { root: '/host' }],
  ['--root /', { root: '' }],
  ['--require runtime,store --require kubelet', { require: ['runtime', 'store', 'kubelet'] }],
  ['--require runtime-config,cni', { require: ['runtimeConfig', 'cniConf', 'cniPlugins'] }],
  ['-v', { verbosity: 1 }],
  ['-vv -v', { verbosity: 3 }],
  ['-v=2', { verbosity: 2 }],
  ['-v=0', { verbosity: 0 }],
  ['-D --color never --fail-on never', { debug: true, colour: 'never', failOn: 'never' }],
  ['--jq .node', { jq: '.node' }],
  ['--jq=-1 -o json', { jq: '-1', output: 'json' }],
  ['--jq 0x10', { jq: '0x10' }],
  ['--save-snapshot /tmp/12e4', { saveSnapshot: '/tmp/12e4' }],
  ['--from-snapshot 007', { fromSnapshot: '007' }],
])('%s', async (line, expected) => {
  expect(await request(line)).toMatchObject(expected);
});

test('a repeatable option takes one word, so that checks may follow it', async () => {
  const { checks } = await request('--skip image/* netns/* --skip netns/leaked');
  expect(checks.map((c) => c.meta.id)).toEqual(
    builtinChecks.map((c) => c.meta.id).filter((id) => id.startsWith('netns/') && id !== 'netns/leaked'),
  );
});

test('the environment turns debugging on', async () => {
  expect((await request('', { PODCTL_DEBUG: '1' })).debug).toBe(true);
  expect((await request('', { PODCTL_DEBUG: '' })).debug).toBe(false);
});

test.each([
  ['-o xml', '-o: "xml" is unknown'],
  ['-o', 'not enough arguments following: o'],
  ['--fail-on bad', '--fail-on: "bad" is unknown'],
  ['--color pink', '--color: "pink" is unknown'],
  ['--report json', '--report: "json" names no file'],
  ['--report xml=/tmp/a', '--report: "xml" is unknown'],
  ['--report json=-', '--report: writes files only'],
  ['--report json=', '--report: the path is empty'],
  ['--report json=/gone/a', '--report: there is no folder /gone'],
  ['--report json=/tmp', '--report: /tmp is a folder'],
  ['--save-snapshot /gone/a', '--save-snapshot: there is no folder /gone'],
  ['-t soon', '--timeout: "soon" is no duration'],
  ['--deadline 0', '--deadline: must be longer than nothing'],
  ['-r tcp://127.0.0.1:1', '--runtime-endpoint: tcp:// is not spoken here, only Unix sockets are'],
  ['-r run/x.sock', '--runtime-endpoint: "run/x.sock" is not an absolute path'],
  ['--root /gone', '--root: there is no folder /gone'],
  ['--root /etc/passwd', '--root: there is no folder /etc/passwd'],
  ['--require cnis', '--require: "cnis" is unknown'],
  ['--require', 'not enough arguments following: require'],
  ['--skip=', '--skip: the value is empty'],
  ['--jq . -o yaml', '--jq: gives lines of JSON'],
  ['--from-snapshot a --root /host', '--root cannot go with --from-snapshot, which looks at no node'],
  [
    '--from-snapshot a --save-snapshot /tmp/b',
    '--save-snapshot cannot go with --from-snapshot, which looks at no node',
  ],
  ['--unheard', 'there is no option --unheard'],
  ['nobody/nothing', 'no check is called "nobody/nothing"'],
  ['0x10', 'no check is called "0x10"'],
  ['12e4', 'no check is called "12e4"'],
])('%s is refused', async (line, message) => {
  await expect(request(line)).rejects.toMatchObject({ message });
});
