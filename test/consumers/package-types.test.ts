import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { folderForFile, root } from '../support/cli.ts';

const run = promisify(execFile);
const folder = folderForFile();
const tsc = path.join(root, 'node_modules/.bin/tsc');

/** The project of an author: podctl from its tarball, and nothing else. */
beforeAll(async () => {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: root });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const install = ['install', '--offline', '--no-audit', '--no-fund', path.join(folder, stdout.trim())];
  await run('npm', install, { cwd: folder });
  await run(path.join(folder, 'node_modules/.bin/podctl'), ['checks', 'new', 'acme.pods/many'], {
    cwd: folder,
  });
});

/** What the compiler says of a file, without its path. */
async function faultsOf(file: string): Promise<string> {
  const options = ['--noEmit', '--allowJs', '--checkJs', '--strict', '--module', 'nodenext', '--types', ''];
  const args = ['--ignoreConfig', ...options, '--target', 'es2023', file];
  return run(tsc, args, { cwd: folder }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

async function faultsWith(from: string, to: string): Promise<string> {
  const text = fs.readFileSync(path.join(folder, 'many.check.mjs'), 'utf8');
  expect(text).toContain(from);
  fs.writeFileSync(path.join(folder, 'altered.check.mjs'), text.replace(from, to));
  return faultsOf('altered.check.mjs');
}

test('a new check has the types of the package', async () => {
  expect(await faultsOf('many.check.mjs')).toBe('');
});

test.each([
  ["needs: ['sandboxes']", "needs: ['sandboxs']", `Type '"sandboxs"' is not assignable to type`],
  ['title:', 'titel:', `'titel' does not exist in type 'ForeignMeta'`],
  ["'warning'", "'fatal'", `Type '"fatal"' is not assignable to type 'Severity`],
  ['sandbox.state', 'sandbox.status', `Property 'status' does not exist on type`],
  ["'ready'", "'redy'", 'This comparison appears to be unintentional'],
  ['const ready', "sandboxes[0].state = 'ready'; const ready", `because it is a read-only property`],
  ['const ready', 'sandboxes.pop(); const ready', `Property 'pop' does not exist on type 'readonly`],
])('the compiler names what is wrong when %s becomes %s', async (from, to, said) => {
  const faults = await faultsWith(from, to);
  expect(faults).toMatch(/^altered\.check\.mjs\(\d+,\d+\): error TS/);
  expect(faults).toContain(said);
});

test('a check that wants facts gets them as outcomes', async () => {
  fs.writeFileSync(
    path.join(folder, 'wants.check.mjs'),
    `/** @type {import('podctl').Check<'sandboxes', 'runtime'>[]} */
export default [{
  meta: { id: 'acme.a/b', title: 't', failureTitle: 'f', why: 'w', needs: ['sandboxes'], wants: ['runtime'] },
  run: ({ sandboxes, runtime }) =>
    runtime.status === 'complete' && runtime.value.name === 'cri-o' ? sandboxes.map((s) => s.id) : { skipped: 'no CRI-O' },
}];
`,
  );
  expect(await faultsOf('wants.check.mjs')).toBe('');
});

test('readers of its JSON have types too', async () => {
  fs.writeFileSync(
    path.join(folder, 'reader.ts'),
    `import type { Facts, Report, Snapshot } from 'podctl';
export const errors = (report: Report): number => report.counts.error;
export const names = (snapshot: Snapshot): Facts['sandboxes'][number]['name'][] =>
  snapshot.facts.sandboxes?.status === 'complete' ? snapshot.facts.sandboxes.value.map((s) => s.name) : [];
`,
  );
  expect(await faultsOf('reader.ts')).toBe('');
});
