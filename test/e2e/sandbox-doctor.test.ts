import { execFileSync, spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { podctl } from '../support/cli.ts';
import { type Kit, openKit } from './sandbox-kit.ts';

const OURS = ['sandbox/half-created', 'sandbox/network-drift', 'netns/pin-lost'];
let kit: Kit;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-d');
});
afterAll(() => kit.close());

/** What the doctor finds of podctl's own sandboxes; a runtime on this machine is not looked for. */
function doctor(): Promise<{ id: string; messageId: string; message: string; commands: string[] }[]> {
  const args = ['doctor', ...OURS, '--min-age', '0s', '-o', 'json'];
  const [file = '', ...words] = [...kit.onHost, process.execPath, podctl, ...args];
  const env = { PATH: process.env.PATH ?? '', PODCTL_STATE_DIR: kit.state };
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.once('error', reject);
    child.once('close', () => {
      const { checks }: Report = JSON.parse(text);
      resolve(
        checks.flatMap(({ id, findings }) =>
          findings.map(({ messageId, message, remedies }) => ({
            id,
            messageId,
            message,
            commands: remedies.flatMap((r) => r.commands),
          })),
        ),
      );
    });
  });
}

test('the doctor names what is wrong with a sandbox, and its cure is the cure', async () => {
  await kit.create('web');
  await kit.create('half', ['--network', 'none']);
  expect(await doctor()).toEqual([]);
  const { namespaces } = await kit.inspect('web');
  execFileSync('nsenter', [`--net=${namespaces.net?.pin}`, 'ip', 'link', 'set', 'eth0', 'down']);
  execFileSync('umount', [namespaces.net?.pin ?? '']);
  await kit.sandbox(['rm', 'half'], { PODCTL_FAULT: 'after:3' });
  const found = await doctor();
  expect(found).toMatchObject([
    { id: 'netns/pin-lost', messageId: 'unmounted', commands: ['podctl sandbox repair web'] },
    { id: 'sandbox/half-created', messageId: 'removing', commands: ['podctl sandbox repair half'] },
    { id: 'sandbox/network-drift', messageId: 'drift', commands: ['podctl sandbox repair web'] },
  ]);
  expect(found[2]?.message).toContain('interface eth0 is down');
  for (const command of new Set(found.flatMap((f) => f.commands)))
    expect((await kit.sandbox(command.split(' ').slice(2))).code).toBe(0);
  expect(await doctor()).toEqual([]);
});
