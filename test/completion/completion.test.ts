import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { program } from '../consumers/program.ts';
import { folderForFile, root } from '../support/cli.ts';
import { id } from '../support/node.ts';
import { FISH, ZSH } from './shells.ts';

const folder = folderForFile();
const bin = path.join(folder, 'bin');
const state = path.join(folder, 'state');

/** Names that would be carried out if anything evaluated them. */
const EVIL = `x$(touch ${folder}/owned)`;

beforeAll(() => {
  fs.mkdirSync(bin);
  fs.symlinkSync(path.join(root, 'dist/podctl.js'), path.join(bin, 'podctl'));
  fs.mkdirSync(path.join(folder, 'sub folder'));
  fs.writeFileSync(path.join(folder, 'node.json'), '{}');
});

function env(more: Record<string, string> = {}): Record<string, string> {
  const PATH = `${bin}:${path.dirname(process.execPath)}:/usr/bin:/bin`;
  return { PATH, HOME: folder, PODCTL_STATE_DIR: state, PODCTL_CONFIG: 'none', TERM: 'dumb', ...more };
}

function run(file: string, args: string[], more: Record<string, string> = {}): string {
  const ran = spawnSync(file, args, { cwd: folder, env: env(more), encoding: 'utf8', timeout: 60_000 });
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  return ran.stdout;
}

/** What bash would offer at the end of a line, with its own splitting into words. */
function bash(line: string): string[] {
  const script = `source <(podctl completion bash)
compopt() { :; }
COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=(podctl) COMP_CWORD=1
_podctl
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', ['--norc', '-c', script, 'bash', line]).split('\n').filter(Boolean);
}

/** What podctl offers where the last of `words` is being typed. */
function asked(words: string[]): { head: string; values: string[] } {
  const said = execFileSync(path.join(bin, 'podctl'), ['__complete', 'zsh', '--', ...words], {
    cwd: folder,
    env: env(),
    encoding: 'utf8',
  });
  const [head = '', ...lines] = said.trimEnd().split('\n');
  return { head, values: lines.map((line) => line.split('\t')[0] ?? '') };
}

test.each([
  ['podctl doc', ['doctor']],
  ['podctl doctor --fail-on ', ['error', 'warning', 'info', 'never']],
  ['podctl doctor --fail-on=w', ['warning']],
  ['podctl doctor -o j', ['json', 'junit']],
  ['podctl doctor --save-b', ['--save-baseline']],
  ['podctl explain netns/mis', ['netns/mismatch']],
  ['podctl checks n', ['netns/folder-switched', 'new']],
  ['podctl gc ip', ['ipam']],
  ['podctl completion f', ['fish']],
  ['podctl nonsense ', []],
])('bash offers for %j', (line, offered) => {
  const offers = bash(line);
  for (const one of offered) expect(offers).toContain(one);
  if (offered.length === 0) expect(offers).toEqual([]);
});

test('every command and option that is declared is offered, and nothing that is not', () => {
  const help = run(path.join(bin, 'podctl'), ['doctor', '--help']);
  const options = [...help.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => `--${name}`);
  expect(options.length).toBeGreaterThan(25);
  const offered = asked(['doctor', '--']).values;
  expect(options.filter((option) => !offered.includes(option))).toEqual([]);
  expect(offered.filter((option) => !options.includes(option))).toEqual([]);
});

test('files and folders are left to the shell', () => {
  expect(asked(['doctor', '--from-snapshot', '']).head).toBe('files');
  expect(asked(['doctor', '--root', '']).head).toBe('folders');
  expect(asked(['doctor', '--report', 'json=']).head).toMatch(/^files/);
});

test("podctl's own sandboxes are offered by name, and a hostile name does nothing", () => {
  const podctl = path.join(bin, 'podctl');
  const create = ['sandbox', 'create', 'web', '--network', 'none', '--state-dir', state];
  run(podctl, create);
  try {
    expect(bash('podctl sandbox rm w')).toEqual(['web']);
    expect(asked(['sandbox', 'inspect', '']).values).toContain('web');
  } finally {
    run(podctl, ['sandbox', 'rm', '-f', 'web', '--state-dir', state]);
  }
  expect(bash('podctl sandbox rm w')).toEqual([]);
});

test('pods of a saved node are offered; a name that a shell would carry out is quoted or left out', () => {
  const snapshot = JSON.parse(
    fs.readFileSync(path.join(root, 'src/cli/author/example.snapshot.json'), 'utf8'),
  );
  const [first] = snapshot.facts.sandboxes.value;
  snapshot.facts.sandboxes.value.push({ ...first, id: id('e1'), uid: 'uid-9', name: EVIL });
  snapshot.facts.sandboxes.value.push({ ...first, id: id('e2'), uid: 'uid-8', name: 'a\nb\x1b[2J' });
  fs.writeFileSync(path.join(folder, 'saved.json'), JSON.stringify(snapshot));
  const offers = bash('podctl tree --from-snapshot saved.json default/');
  expect(offers).toContain('default/web');
  expect(offers.filter((offer) => offer.includes('\x1b'))).toEqual([]);
  for (const offer of offers.filter((one) => one.includes('touch'))) {
    const [word] = run('bash', ['--norc', '-c', `printf '%s\\n' ${offer}`]).split('\n');
    expect(word).toBe(`default/${EVIL}`);
  }
  expect(fs.existsSync(path.join(folder, 'owned'))).toBe(false);
});

describe('real shells', () => {
  test('zsh takes the script, and offers what podctl says', async () => {
    const { file, env: own } = await program(ZSH, 'bin/zsh');
    const usr = path.join(path.dirname(file), '../usr');
    const version = run(file, ['-f', '-c', 'echo $ZSH_VERSION'], own).trim();
    const lib = fs.readdirSync(path.join(usr, 'lib')).find((name) => name.endsWith('-linux-gnu')) ?? '';
    const paths = [
      `module_path=(${path.join(usr, 'lib', lib, 'zsh', version)})`,
      `fpath=(${usr}/share/zsh/functions/**/*(/N) ${usr}/share/zsh/functions)`,
    ];
    const script = `${paths.join('\n')}
compdef() { :; }
compadd() { print -rl -- "\${(@)values}"; }
source <(podctl completion zsh)
words=(podctl doctor --fail-on w) CURRENT=4
_podctl`;
    expect(run(file, ['-f', '-c', script], own)).toContain('warning\n');
  });

  test('fish offers what podctl says', async () => {
    const { file, env: own } = await program(FISH, 'usr/bin/fish');
    const script = `podctl completion fish | source; complete -C 'podctl doctor --fail-on w'; complete -C 'podctl explain netns/mis'`;
    const said = run(file, ['--no-config', '-c', script], own);
    expect(said.split('\n').map((line) => line.split('\t')[0])).toEqual(
      expect.arrayContaining(['warning', 'netns/mismatch']),
    );
  });
});
