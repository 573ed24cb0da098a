import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { podctl, root } from '../support/cli.ts';
import { temporaryFolder } from '../support/node-tree.ts';

function setup(cwd: string) {
  return spawnSync(process.execPath, [path.join(cwd, '.ci/setup.mjs')], { encoding: 'utf8' });
}

/** A clone with the packages of this one: what setup would do, without the network. */
function clone(): string {
  const folder = temporaryFolder();
  for (const name of ['.ci', 'src', 'checks', 'native', 'package.json', 'package-lock.json', 'tsconfig.json'])
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

test('a clone is built once; the second time nothing is left to do', () => {
  const folder = clone();
  const first = setup(folder);
  expect(first).toMatchObject({ status: 0, stdout: '' });
  expect(first.stderr).toBe('build: bundling dist/, because sources changed\n');
  const version = execFileSync(path.join(folder, 'dist/podctl.js'), ['version'], { encoding: 'utf8' });
  expect(version).toMatch(/^podctl \d/);
  expect(setup(folder)).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('a changed source is built again, a new check is registered, a broken one is explained', () => {
  const folder = clone();
  setup(folder);
  const check = path.join(folder, 'checks/netns/leaked.ts');
  fs.copyFileSync(check, path.join(folder, 'checks/netns/another.ts'));
  expect(setup(folder).stderr).toBe(
    'registry: writing src/cli/builtin-checks.ts from checks/\nbuild: bundling dist/, because sources changed\n',
  );
  fs.appendFileSync(check, '\n((');
  const broken = setup(folder);
  expect(broken.status).toBe(1);
  expect(broken.stderr).toContain('checks/netns/leaked.ts');
  expect(broken.stderr).toMatch(/\nerror: build: .+\nhint: mend the file .+\n$/);
});

test('the executable needs no package beside it', () => {
  const folder = temporaryFolder();
  fs.cpSync(path.dirname(podctl), path.join(folder, 'dist'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  const run = (...args: string[]) =>
    spawnSync(path.join(folder, 'dist/podctl.js'), args, { encoding: 'utf8', cwd: folder });
  expect(run('checks', '-o', 'yaml').stdout).toContain('schema: podctl.checks/v1');
  expect(run('doctor', 'runtime/*', '--jq', '.schema').stdout).toBe('"podctl.report/v1"\n');
});
