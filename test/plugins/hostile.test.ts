import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { eventually, hasEnded } from '../native/native.ts';
import { runPodctl } from '../support/cli.ts';
import { checksFolder, execOf, jqOf, judged, moduleOf, nodeIn } from './kit.ts';

/** Modules by what they do, and what is said of it. */
const MODULES: Record<string, [body: string, reason: string, timeout?: string]> = {
  throws: ["throw new Error('oh no')", 'Error: oh no'],
  loops: ['for (;;);', 'no answer within 1 s'],
  'never-answers': ['return new Promise(() => {});', 'it ended without an answer'],
  waits: ['return new Promise((go) => setTimeout(go, 600_000));', 'no answer within 1 s'],
  writes: ['facts.host.hostname = "mine"; return [];', "Cannot assign to read only property 'hostname'"],
  'writes-deep': ['facts.sandboxes[0].id = "mine"; return [];', "Cannot assign to read only property 'id'"],
  'writes-top': ['facts.more = 1; return [];', 'Cannot add property more'],
  exits: ['process.exit(0);', 'it ended without an answer'],
  eats: [
    'const all = []; for (;;) all.push(new Array(1e6).fill(all.length));',
    'it wanted more than 256 MiB of memory',
    '30s',
  ],
  floods: ["return ['x'.repeat(2e6)];", 'it gave more than 1024 KiB'],
  'many-findings': ["return Array.from({ length: 1001 }, () => 'x');", 'more than 1000 findings'],
  circular: ['const all = []; all.push(all); return all;', 'circular'],
  nothing: ['', 'it gave null, not a list of findings'],
  wrong: ['return [{ mesage: "x" }];', 'findings[0] has the key "mesage"; it may have messageId, message'],
  'no-message': ['return [{}];', 'findings[0] has neither a message nor a messageId'],
  'no-such-message': ['return [{ messageId: "x" }];', 'findings[0].messageId is "x": meta.messages has none'],
  'odd-subject': [
    'return [{ message: "x", subject: { kind: "planet", id: "x" } }];',
    'findings[0].subject.kind is not one of node,',
  ],
  'shell-text': [
    'return [{ message: "x", advice: [{ title: "t", risk: "safe", commands: ["rm -rf /"] }] }];',
    'findings[0].advice[0].commands[0] is not a list',
  ],
  'odd-data': ['return [{ message: "x", data: { a: {} } }];', 'findings[0].data.a is not a string, a number'],
  'runs-programs': [
    "const { execSync } = await import('node:child_process'); execSync('sleep 600'); return [];",
    'and child_process.execSync is not for it',
  ],
  'reads-files': [
    "return [process.getBuiltinModule('fs').readFileSync('/etc/hostname', 'utf8')];",
    'and fs.readFileSync is not for it',
  ],
  forges: [
    "const { parentPort } = await import('node:worker_threads'); parentPort.postMessage(7); return [];",
    'it gave no answer',
  ],
};

const JQ: Record<string, [jq: string, reason: string]> = {
  endless: ['def f: f; f', 'no answer within 1 s'],
  'endless-list': ['range(infinite) | select(false)', 'no answer within 1 s'],
  broken: ['.host |', 'syntax error'],
  error: ['error("no")', 'no'],
  number: ['1', 'findings[0] is a number, not a finding'],
};

const EXEC: Record<string, [script: string, reason: string, more?: Record<string, unknown>]> = {
  hangs: ["trap '' TERM INT HUP; sleep 600 & wait; sleep 600", 'it did not end within 1 s'],
  forks: ['sleep 600 & sleep 600 & wait', 'it did not end within 1 s'],
  leaves: ["setsid sh -c 'echo $$ > pid; sleep 600' & sleep 600", 'it did not end within 1 s'],
  multiplies: [
    'n=0; while [ $n -lt 40 ]; do setsid sh -c "(sleep 600 & setsid sleep 600 &) ; sleep 600" & n=$((n + 1)); done; sleep 600',
    'it did not end within 1 s',
  ],
  floods: ['cat /dev/zero', 'it wrote more than 65536 bytes'],
  'floods-stderr': ['cat /dev/zero >&2', 'it wrote more than 65536 bytes'],
  'floods-a-gigabyte': ['head -c 1073741824 /dev/zero', 'it wrote more than 65536 bytes'],
  dies: ['kill -SEGV $$', 'it was ended by signal 11'],
  'dies-hard': ['kill -KILL $$', 'it was ended by signal 9'],
  'kills-its-group': ['kill -KILL 0', 'it was ended by signal 9'],
  odd: ['echo lost; exit 42', 'it ended with exit code 42: lost'],
  unsure: ['echo "cannot see | x=1"; exit 3', 'it ended with UNKNOWN: cannot see'],
  junk: ['echo no json', 'neither a list of findings as JSON nor one a line', { stdout: 'findings' }],
  'says-both': ['echo \'["x"]\'', 'which says that all is well, and named findings', { stdout: 'findings' }],
};

function files(): Record<string, string> {
  const named = (
    kind: string,
    table: Record<string, unknown[]>,
    text: (name: string) => [string, string][],
  ) =>
    Object.keys(table).flatMap((name) =>
      text(name).map(([end, it]) => [`${kind}-${name}${end}`, it] as const),
    );
  return Object.fromEntries([
    ...named('module', MODULES, (name) => [
      [
        '.check.mjs',
        moduleOf(`hostile.module/${name}`, MODULES[name]?.[0] ?? '', MODULES[name]?.[2]).replace(
          / run\((?=.*await)/,
          ' async run(',
        ),
      ],
    ]),
    ...named('jq', JQ, (name) => [['.check.yaml', jqOf(`hostile.jq/${name}`, JQ[name]?.[0] ?? '')]]),
    ...named('exec', EXEC, (name) => [
      ['.check.yaml', execOf(`hostile.exec/${name}`, [`./${name}.sh`], EXEC[name]?.[2])],
    ]),
    ...Object.keys(EXEC).map((name) => [`${name}.sh`, `#!/bin/sh\n${EXEC[name]?.[0]}\n`] as const),
  ]);
}

const others = ({ checks }: Report) =>
  checks
    .filter(({ id }) => !id.includes('.') && !id.startsWith('podctl/'))
    .map((check) => ({ ...check, ms: 0 }));

it('costs one unknown each, with the reason, and the rest is judged as ever', async () => {
  const folder = checksFolder(files());
  const [{ report, check, code }, alone] = [
    await judged(folder),
    await runPodctl(['doctor', '-o', 'json', '--from-snapshot', nodeIn(folder)]),
  ];
  const reasons = { module: MODULES, jq: JQ, exec: EXEC };
  for (const [kind, table] of Object.entries(reasons))
    for (const [name, [, reason]] of Object.entries(table)) {
      const one = check(`hostile.${kind}/${name}`);
      expect.soft([one.id, one.verdict, one.findings]).toEqual([one.id, 'unknown', []]);
      expect.soft(one.reason, one.id).toContain(reason);
    }
  expect(report.checks.filter(({ id }) => id.includes('.'))).toHaveLength(
    Object.keys(files()).length - Object.keys(EXEC).length,
  );
  expect(check('podctl/check-unusable').findings).toEqual([]);
  expect(others(report)).toEqual(others(JSON.parse(alone.stdout)));
  expect(code).toBe(alone.code === 0 ? 3 : alone.code);
  const pid = Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8'));
  await eventually(() => hasEnded(pid)).toBe(true);
  expect(processesIn(folder)).toEqual([]);
});

/** What runs in a folder or by a program of it. */
function processesIn(folder: string): string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
      }
    });
}
