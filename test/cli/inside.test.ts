import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isUnsafe } from '../../src/report/escape.ts';
import { stripStyles } from '../../src/report/width.ts';
import { folderForFile, runPodctl } from '../support/cli.ts';
import { addPod, healthyNode, id } from '../support/node.ts';
import { addOwn, ownSandbox } from '../support/own.ts';
import { snapshotOf } from '../support/snapshot.ts';

const folder = folderForFile();
const file = (name: string) => path.join(folder, `${name}.json`);

beforeAll(() => {
  const node = healthyNode();
  addOwn(node, ownSandbox(1));
  const broken = addPod(node, 6, 'broken', { containers: ['app'] });
  const [app] = broken.containers;
  if (app) app.init.ns = { ...app.init.ns, net: '4:4026530101' };
  addPod(node, 7, 'web').sandbox.namespace = 'prod';
  const save = (name: string, snapshot: unknown) => fs.writeFileSync(file(name), JSON.stringify(snapshot));
  const whole = snapshotOf(node);
  save('node', whole);
  const problem = { code: 'timeout', message: 'no answer within 10 s' };
  const failed = { status: 'failed', problem, ms: 1 };
  save('frozen', { ...whole, facts: { ...whole.facts, sandboxes: failed, containers: failed } });
  save(
    'empty',
    snapshotOf({
      ...healthyNode(),
      sandboxes: [],
      containers: [],
      processes: [],
      bundles: [],
      store: { records: [], sandboxes: [] },
    }),
  );
  const hostile = healthyNode();
  const owned = addPod(hostile, 6, `p\x1b]0;owned\x07${'y'.repeat(600)}`, { containers: ['a\nb\x1b[2J'] });
  owned.pause.comm = '\u202epause';
  hostile.networks.host.seen?.links.forEach((link) => {
    link.name = `${link.name}\x1b[31m`;
  });
  save('hostile', snapshotOf(hostile));
});

const run = (args: string[], from = 'node') => runPodctl([...args, '--from-snapshot', file(from)]);

test('ps lists pods as crictl does, with what only the kernel knows', async () => {
  const { code, stdout, stderr } = await run(['ps']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/ {3,}/));
  expect(rows[0]).toEqual([
    ...['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT'],
    ...['PAUSE', 'NETNS', 'ADDRESS', 'CONTAINERS'],
  ]);
  expect(rows).toContainEqual([
    ...['a100000000000', '23 hours ago', 'ready', 'web', 'default', '0'],
    ...['111', '4026530101', '10.88.0.2', '2/2'],
  ]);
  expect(rows).toContainEqual([
    ...['a200000000000', '23 hours ago', 'ready', 'agent', 'default', '0', '211', 'host', 'host', '1/1'],
  ]);
  expect(rows).toHaveLength(7);
});

test.each([
  [['web'], ['a1', 'a7']],
  [['default/'], ['a1', 'a2', 'a3', 'a6']],
  [
    ['--name', '^w'],
    ['a1', 'a7'],
  ],
  [['--namespace', 'pr'], ['a7']],
  [['--namespace-exact', 'default', '--name', 'web'], ['a1']],
  [['--id', 'a3'], ['a3']],
  [
    ['--state', 'Ready'],
    ['a1', 'a2', 'a3', 'a6', 'a7', 'd1'],
  ],
  [
    ['--last', '2'],
    ['a1', 'a2'],
  ],
  [['--latest'], ['a1']],
])('ps %j', async (args, expected) => {
  const { code, stdout } = await run(['ps', '-q', ...args]);
  expect(code).toBe(0);
  expect(stdout).toBe(expected.map((n) => `${id(n)}\n`).join(''));
});

test('a filter that fits nothing is exit code 1, an empty node is not', async () => {
  expect(await run(['ps', 'nothing', '-q'])).toMatchObject({ code: 1, stdout: '' });
  expect(await run(['ps', '-q'], 'empty')).toMatchObject({ code: 0, stdout: '' });
});

test('while the runtime is silent, ps shows what runs and says what was not seen', async () => {
  const { code, stdout, stderr } = await run(['ps'], 'frozen');
  expect(code).toBe(3);
  expect(stdout).toMatch(/a100000000000 .* unknown .* web /);
  expect(stderr).toBe('not seen: sandboxes: no answer within 10 s\n');
});

test('JSON and YAML of each command have a schema and say the same', async () => {
  for (const [command, schema] of [
    [['ps'], 'podctl.ps/v1'],
    [['tree'], 'podctl.tree/v1'],
    [['inspect', 'default/web'], 'podctl.inspect/v1'],
    [['owner', '111'], 'podctl.owner/v1'],
  ] as const) {
    const json = JSON.parse((await run([...command, '-o', 'json'])).stdout);
    expect(json).toMatchObject({ schema, node: 'worker-1', complete: true });
    expect(parse((await run([...command, '-o', 'yaml'])).stdout)).toEqual(json);
    const jq = await run([...command, '--jq', '.schema']);
    expect(jq).toMatchObject({ code: 0, stdout: `"${schema}"\n` });
  }
});

test('tree marks a container that is elsewhere, with words and in red', async () => {
  const plain = await run(['tree', 'broken']);
  expect(plain.stdout).toBe(
    `default/broken  a600000000000  ready  10.88.0.7/24  shim 610
├─ net:[4026530601]  ipc:[4026530602]  uts:[4026530603]  pid:[4026530604]
├─ pause  611
└─ app  c600000000000  running
   ├─ OTHER net NAMESPACE  net:[4026530101], that of default/web
   └─ 620 app
`,
  );
  const red = await run(['tree', 'broken', '--color', 'always']);
  expect(red.stdout).toContain('\x1b[31mOTHER net NAMESPACE  net:[4026530101], that of default/web\x1b[39m');
  expect(stripStyles(red.stdout)).toBe(plain.stdout);
});

test('inspect shows who says what and where they differ', async () => {
  const { code, stdout } = await run(['inspect', 'broken']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ +KUBELET +RUNTIME +KERNEL +DISK$/m);
  expect(stdout).toMatch(/^! app +- +running +pid 620 app/m);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'DIFFER app is in another net namespace than its sandbox: net:[4026530101], that of default/web',
  );
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('owner answers with what proves it', async () => {
  const { code, stdout } = await run(['owner', 'veth1']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^link veth1 is the host end of eth0 of default\/web\n {2}see {2}link veth1 of the node/,
  );
  expect(stdout.trimEnd()).toMatch(/sandbox a100000000000 +default\/web, ready$/);
  expect(await run(['owner', '10.88.0.99'])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/in no namespace/),
  });
  expect(await run(['owner', '10.88.0.99'], 'frozen')).toMatchObject({ code: 3 });
  expect(await run(['owner', 'nothing'])).toMatchObject({ code: 1, stdout: '' });
});

test.each([
  [
    ['tree', 'web'],
    'error: "web" may be any of default/web (a100000000000), prod/web (a700000000000)\nhint: name one by its id\n',
  ],
  [['ps', '--name', '('], 'error: --name: "(" is no regular expression\n'],
  [['ps', '--last', '0'], 'error: --last: "0" is no number of pods\n'],
  [
    ['ps', '-s', 'red'],
    'error: --state: "red" is unknown\nhint: it is one of ready, notready, unlisted, unknown\n',
  ],
  [['ps', '-q', '-o', 'json'], 'error: -q prints ids and nothing else\nhint: leave out -q, -o or --jq\n'],
  [['tree', '--jq', '.', '-o', 'yaml'], 'error: --jq: gives lines of JSON\nhint: leave out -o yaml\n'],
])('%j is one clear line and exit code 2', async (args, stderr) => {
  const stdout = args.at(-1) === 'json' ? expect.stringContaining('"schema": "podctl.error/v1"') : '';
  expect(await run(args)).toMatchObject({ code: 2, stdout, stderr });
});

test('a pod that is not there is exit code 1, with what may have been meant', async () => {
  for (const command of ['tree', 'inspect'])
    expect(await run([command, 'default/brokn'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: no .+ is called "default\/brokn"\nhint: did you mean default\/broken\?\n/,
      ),
    });
});

test('names that mean harm reach neither the terminal nor the JSON', async () => {
  for (const args of [
    ['ps'],
    ['ps', '-o', 'wide'],
    ['tree'],
    ['inspect', 'a6'],
    ['inspect', 'c60'],
    ['inspect', '611'],
    ['owner', 'a600'],
    ['owner', '611'],
    ['owner', 'veth1\x1b[31m'],
  ])
    for (const more of [[], ['-o', 'json'], ['--no-trunc']]) {
      const { code, stdout, stderr } = await run([...args, ...more], 'hostile');
      expect([args, code]).toEqual([args, 0]);
      expect(`${stdout}${stderr}`.split('\n').filter(isUnsafe)).toEqual([]);
    }
});

test('every command explains itself within 80 columns', async () => {
  for (const command of ['ps', 'tree', 'inspect', 'netns', 'logs', 'owner']) {
    const { code, stdout } = await runPodctl([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Exit codes: 0 found, 1 no such thing');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
});
