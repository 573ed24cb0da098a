import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checksFolder } from '../plugins/kit.ts';
import { isAlive, processId, until } from '../rig/process.ts';
import { podctl, runPodctl } from '../support/cli.ts';

/** Calls every sandbox of podctl's own an orphan, in the words of the checks that have cures. */
const CLAIMS = `export default {
  meta: {
    id: 'acme.sandbox/orphan',
    title: 'None is left',
    failureTitle: 'Some are left',
    why: 'It matters',
    tags: ['orphan'],
    severity: 'error',
    needs: ['ownSandboxes'],
    messages: { pauseDead: '{{name}} is left', creating: '{{name}} is half made' },
  },
  run: ({ ownSandboxes }) =>
    ownSandboxes.map(({ id, name }) => ({
      messageId: 'creating',
      subject: { kind: 'sandbox', id, name },
      data: { name },
      advice: [{ title: 'Away with it', risk: 'safe', commands: [['podctl', 'sandbox', 'rm', '-f', name]] }],
    })),
};
`;

test('what a check of others finds moves nothing, whatever it calls it, and is told', async () => {
  const folder = checksFolder({ 'orphan.check.mjs': CLAIMS });
  const state = ['--state-dir', path.join(folder, 'state')];
  const own = async (args: string[]) => (await runPodctl(['sandbox', ...args, ...state])).stdout;
  onTestFinished(async () => void (await own(['rm', '-f', 'web'])));
  await own(['create', 'web', '--network', 'none']);
  const status = async () => JSON.parse(await own(['inspect', 'web', '-o', 'json']));
  const pause = processId((await status()).pause.pid);
  if (!pause) throw new Error('web has no pause');
  process.kill(pause.pid, 'SIGKILL');
  await until('pause to end', () => !isAlive(pause));
  const young = ['--min-age', '0s', '--settle', '0s', '-o', 'json', '--checks', folder, ...state];

  const fix = await runPodctl([
    'doctor',
    'acme.sandbox/*',
    '--fix',
    '--yes',
    '--risk',
    'destructive',
    ...young,
  ]);
  const report = JSON.parse(fix.stdout);
  expect(report).toMatchObject({ plans: [], applied: [] });
  expect(report.checks).toMatchObject([
    { id: 'acme.sandbox/orphan', findings: [{ message: 'web is half made' }] },
  ]);
  expect(fix.code).toBe(1);

  const gc = await runPodctl(['gc', 'orphans', '--dry-run', ...young]);
  const cured = JSON.parse(gc.stdout);
  expect(cured.objects.filter(({ check }: { check: string }) => check.startsWith('acme.'))).toEqual([]);
  expect(cured.uncured.filter(({ check }: { check: string }) => check.startsWith('acme.'))).toMatchObject([
    { check: 'acme.sandbox/orphan', finding: { message: 'web is half made' } },
  ]);
  expect((await status()).pause.alive).toBe(false);

  const both = await runPodctl([
    'doctor',
    'sandbox/anchor-lost',
    'acme.sandbox/*',
    '--fix',
    '--dry-run',
    ...young,
  ]);
  expect(JSON.parse(both.stdout).plans).toMatchObject([{ remedy: 'sandbox/repair' }]);
});

test("the node's own folder is read without being named, and so is what its configuration names", async () => {
  const named = (id: string) => CLAIMS.replace('acme.sandbox/orphan', id);
  const folder = checksFolder({
    'etc/podctl/checks.d/orphan.check.mjs': CLAIMS,
    'etc/podctl/more/other.check.mjs': named('acme.sandbox/other'),
    'etc/podctl/node_modules/@acme/checks/package.json': '{"podctl":{"checks":"*.check.mjs"}}',
    'etc/podctl/node_modules/@acme/checks/packed.check.mjs': named('acme.sandbox/packed'),
    'etc/podctl/config.yaml':
      'schema: podctl.config/v1\nchecks: { packages: ["@acme/checks", gone] }\nfolders: { checks: [/etc/podctl/more, /no/such] }\n',
  });
  // In a mount namespace of its own, where nobody else's /etc is changed.
  const made = `${folder}/made`;
  const script = `mkdir -p ${made} && mount -t tmpfs none ${made} && mkdir -p ${made}/up ${made}/work &&
mount -t overlay -o lowerdir=/etc,upperdir=${made}/up,workdir=${made}/work none /etc &&
cp -r ${folder}/etc/podctl /etc/ && exec "$@"`;
  const there = (args: string[]) => {
    const line = ['-m', 'sh', '-c', script, 'sh', process.execPath, podctl, ...args];
    const ran = spawnSync('unshare', line, { encoding: 'utf8' });
    return { ...ran, foreign: ran.stdout.split('\n').filter((id) => id.startsWith('acme.')) };
  };
  const { foreign, stderr } = there(['checks', '-o', 'name']);
  expect(foreign).toEqual(['acme.sandbox/orphan', 'acme.sandbox/other', 'acme.sandbox/packed']);
  expect(stderr).toBe(
    'note: there is no folder /no/such, which the configuration names\nnote: the package gone, which the configuration names, is not installed\n',
  );
  expect(there(['checks', '-o', 'name', '--config', 'none']).foreign).toEqual(['acme.sandbox/orphan']);
  expect(there(['checks', '-o', 'name', '--checks', 'none']).foreign).toEqual([]);
  expect(fs.existsSync('/etc/podctl/checks.d/orphan.check.mjs')).toBe(false);
});
