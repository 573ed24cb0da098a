import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { podctl, root, runPodctl } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/node-tree.ts';

const NOBODY = 65534;
const HEAD = 'schema: podctl.config/v1\n';
const snapshot = path.join(root, 'test/demo/broken-node.snapshot.json');
const asRoot = test.runIf(process.geteuid?.() === 0);

/** The dist of the repository, where a user who may not look into the repository can run it. */
const forAll = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-for-all-'));
fs.chmodSync(forAll, 0o755);
afterAll(() => fs.rmSync(forAll, { recursive: true, force: true }));

function asUser(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; stderr: string }> {
  const program = path.join(forAll, 'dist/podctl.js');
  if (!fs.existsSync(program)) {
    fs.cpSync(path.dirname(podctl), path.dirname(program), { recursive: true });
    fs.copyFileSync(snapshot, path.join(forAll, 'snapshot.json'));
    fs.chmodSync(path.join(forAll, 'snapshot.json'), 0o644);
  }
  return new Promise((resolve, reject) => {
    const options = { uid: NOBODY, gid: NOBODY, cwd: forAll, env: { PATH: process.env.PATH ?? '', ...env } };
    const child = spawn(process.execPath, [program, ...args], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
}

function place(files: Record<string, string>): (name: string) => string {
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o755);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true, mode: 0o755 });
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o644 });
  }
  return (name) => path.join(folder, name);
}

const doctor = (file: string, env: Record<string, string> = {}) =>
  runPodctl(['doctor', '--from-snapshot', snapshot, '--config', file], { env });

/** Refused with this fault and this cure, which is then carried out, after which it is used. */
async function refusedUntilMended(file: string, fault: string, cure: string[]): Promise<void> {
  const { code, stdout, stderr } = await doctor(file);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(`error: --config: ${file} is not used: ${fault}\nhint: ${cure.join(' ')}\n`);
  const [program = '', ...args] = cure;
  await new Promise((resolve) => spawn(program, args).once('close', resolve));
  expect(await doctor(file)).toMatchObject({ code: 1, stderr: '' });
}

const FILE = { 'etc/podctl/config.yaml': HEAD };

test('a file that others can write is refused, with the command that mends it', async () => {
  const at = place(FILE);
  fs.chmodSync(at('etc/podctl/config.yaml'), 0o664);
  const fault = 'it can be written by others than its owner (mode 0664)';
  await refusedUntilMended(at('etc/podctl/config.yaml'), fault, [
    'chmod',
    'go-w',
    at('etc/podctl/config.yaml'),
  ]);
});

test('so is one in a folder that others can write, however far up', async () => {
  const at = place(FILE);
  fs.chmodSync(at('etc'), 0o777);
  const fault = `the folder ${at('etc')} can be written by others than its owner (mode 0777)`;
  await refusedUntilMended(at('etc/podctl/config.yaml'), fault, ['chmod', 'go-w', at('etc')]);
});

test('so is one that is reached through a link into such a folder', async () => {
  const at = place({ 'shared/config.yaml': HEAD });
  fs.chmodSync(at('shared'), 0o775);
  fs.symlinkSync('shared/config.yaml', at('link.yaml'));
  const fault = `the folder ${at('shared')} can be written by others than its owner (mode 0775)`;
  await refusedUntilMended(at('link.yaml'), fault, ['chmod', 'go-w', at('shared')]);
});

asRoot('what belongs to a stranger is refused as a file, as a folder and as a link', async () => {
  const at = place({ ...FILE, 'b/config.yaml': HEAD, 'c/config.yaml': HEAD });
  const whose = `belongs to user ${NOBODY}, who is not root`;
  const file = at('etc/podctl/config.yaml');
  fs.chownSync(file, NOBODY, NOBODY);
  await refusedUntilMended(file, `it ${whose}`, ['chown', 'root', file]);
  fs.chownSync(at('b'), NOBODY, NOBODY);
  await refusedUntilMended(at('b/config.yaml'), `the folder ${at('b')} ${whose}`, ['chown', 'root', at('b')]);
  fs.symlinkSync('c', at('link'));
  fs.lchownSync(at('link'), NOBODY, NOBODY);
  const cure = ['chown', '-h', 'root', at('link')];
  await refusedUntilMended(at('link/config.yaml'), `the link ${at('link')} ${whose}`, cure);
});

asRoot('a user has a file of their own, which root does not take from them', async () => {
  const at = place({ 'home/.config/podctl/config.yaml': `${HEAD}doctor:\n  failOn: never\n` });
  for (const name of ['home', 'home/.config', 'home/.config/podctl', 'home/.config/podctl/config.yaml'])
    fs.chownSync(at(name), NOBODY, NOBODY);
  const args = ['doctor', '--from-snapshot', path.join(forAll, 'snapshot.json')];
  const env = { HOME: at('home') };
  expect(await asUser(args, {})).toEqual({ code: 1, stderr: '' });
  expect(await asUser(args, env)).toEqual({ code: 0, stderr: '' });
  const xdg = await asUser(args, { XDG_CONFIG_HOME: path.join(at('home'), '.config') });
  expect(xdg).toEqual({ code: 0, stderr: '' });
  const file = at('home/.config/podctl/config.yaml');
  const roots = await doctor(file);
  expect([roots.code, roots.stderr.split('\n')[1]]).toEqual([
    2,
    `hint: install -D -m 0644 ${file} /etc/podctl/config.yaml`,
  ]);
  fs.chmodSync(file, 0o000);
  expect(await asUser(args, env)).toEqual({
    code: 2,
    stderr: `error: cannot read ${file}: permission denied\nhint: podctl does without any configuration where --config is none\n`,
  });
  expect(await asUser([...args, '--config', 'none'], env)).toEqual({ code: 1, stderr: '' });
});

test('what cannot be read is told with its name, and nothing runs', async () => {
  const at = place({ 'big.yaml': `${HEAD}# ${'x'.repeat(300_000)}\n` });
  const faults: [string, string][] = [
    [at('none.yaml'), `cannot read ${at('none.yaml')}: no such file`],
    [at('.'), `${path.dirname(at('x'))} is no regular file`],
    [at('big.yaml'), `${at('big.yaml')} is larger than 262144 bytes`],
  ];
  for (const [file, fault] of faults) {
    const { code, stdout, stderr } = await doctor(file);
    expect([code, stdout, stderr.split('\n')[0]]).toEqual([2, '', `error: --config: ${fault}`]);
    const byEnv = await runPodctl(['gc', 'orphans'], { env: { PODCTL_CONFIG: file } });
    expect([byEnv.code, byEnv.stdout, byEnv.stderr.split('\n')[0]]).toEqual([
      2,
      '',
      `error: PODCTL_CONFIG: ${fault}`,
    ]);
  }
});
