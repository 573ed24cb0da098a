import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runPodctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/node-tree.ts';

const HALF = { PODCTL_FAULT: 'during:3' };
const YES = ['--assume-no-kubelet', '--min-age', '0s', '--settle', '1s', '--yes'];

test('what is ignored is neither taken away by gc nor cured by --fix, and the plan says so', async () => {
  const folder = temporaryFolder();
  const state = path.join(folder, 'state');
  const file = path.join(folder, 'config.yaml');
  fs.writeFileSync(
    file,
    `schema: podctl.config/v1
folders: {stateDir: ${state}}
ignore:
  - check: sandbox/half-created
    subject: podctl/keep
    reason: being looked into
    until: 2099-12-31
`,
    { mode: 0o644 },
  );
  const podctl = (args: string[], env: Record<string, string> = {}) =>
    runPodctl([...args, '--config', file], { env });
  const names = async () =>
    JSON.parse((await podctl(['sandbox', 'ls', '-o', 'json'])).stdout)
      .sandboxes.map(({ name }: { name: string }) => name)
      .sort();
  onTestFinished(async () => {
    await podctl(['sandbox', 'rm', '-f', 'keep', 'half']);
  });
  for (const name of ['keep', 'half'])
    expect((await podctl(['sandbox', 'create', name, '--network', 'none'], HALF)).signal).toBe('SIGKILL');
  expect(await names()).toEqual(['half', 'keep']);

  const shown = await podctl(['gc', 'sandboxes', '--assume-no-kubelet', '--min-age', '0s', '--dry-run']);
  expect(shown.stdout).toContain('1 object would be cured\n');
  expect(shown.stdout).toContain(`1 ignored by ${file}:4: being looked into\n`);

  const gone = await podctl(['gc', 'sandboxes', ...YES, '-o', 'json']);
  const { objects, ignored } = JSON.parse(gone.stdout);
  expect({ code: gone.code, objects }).toMatchObject({ code: 0, objects: [{ state: 'gone' }] });
  expect(ignored).toContainEqual(
    expect.objectContaining({
      check: 'sandbox/half-created',
      by: `${file}:4`,
      reason: 'being looked into',
      until: '2099-12-31',
    }),
  );
  expect(await names()).toEqual(['keep']);

  const fixed = await podctl(['doctor', 'sandbox/half-created', '--fix', ...YES, '-o', 'json']);
  expect(JSON.parse(fixed.stdout)).toMatchObject({ plans: [], counts: { ignored: 1, warning: 0, error: 0 } });
  expect(await names()).toEqual(['keep']);

  const again = await runPodctl(['gc', 'sandboxes', ...YES, '--state-dir', state]);
  expect(again.code).toBe(0);
  expect(await names()).toEqual([]);
});
