import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runtimes } from '../rig/packages.ts';
import { isAlive, processId, until } from '../rig/process.ts';
import { withRig } from '../rig/rig.ts';
import { runPodctl } from '../support/cli.ts';
import { curing, YOUNG } from './cure-kit.ts';

const { available } = await runtimes(['2.x']);

test("podctl's own sandboxes: --fix repairs what lives, gc takes away what was never finished", async () => {
  await withRig(available[0]?.line ?? '2.x', {}, async (containerd) => {
    const kit = curing(containerd);
    const sandbox = (args: string[], env: Record<string, string> = {}) => {
      const at = args.includes('--') ? args.indexOf('--') : args.length;
      const words = [...args.slice(0, at), '--state-dir', kit.state, ...args.slice(at)];
      return runPodctl(['sandbox', ...words], { env });
    };
    onTestFinished(async () => {
      await sandbox(['rm', '-f', 'web', 'half']);
      kit.close();
    });
    const pauseOf = async (name: string) =>
      processId(JSON.parse((await sandbox(['inspect', name, '-o', 'json'])).stdout).pause.pid);

    await sandbox(['create', 'web', '--network', 'none']);
    await sandbox(['run', 'web', '--name', 'app', '-d', '--', 'sleep', '86400']);
    const inode = () => fs.statSync(path.join(kit.state, 'ns', webId(), 'net')).ino;
    const webId = () => fs.readdirSync(path.join(kit.state, 'ns'))[0] ?? '';
    const before = inode();
    const pause = await pauseOf('web');
    if (!pause) throw new Error('web has no pause');
    process.kill(pause.pid, 'SIGKILL');
    await until('pause to end', () => !isAlive(pause));

    const gc = await kit.gc(['orphans', '--assume-no-kubelet', '--yes']);
    expect({ code: gc.code, objects: gc.report.objects }).toEqual({ code: 0, objects: [] });
    const shown = await kit.run(['doctor', '--fix', '--dry-run', ...YOUNG, '-o', 'json']);
    expect(shown.code).toBe(1);
    expect(JSON.parse(shown.stdout)).toMatchObject({ plans: [{ remedy: 'sandbox/repair' }], applied: [] });
    expect(await pauseOf('web')).toBeNull();

    const fixed = await kit.run(['doctor', '--fix', '--yes', ...YOUNG, '-o', 'json']);
    expect(fixed.code).toBe(0);
    expect(JSON.parse(fixed.stdout)).toMatchObject({
      plans: [{ remedy: 'sandbox/repair', risk: 'safe' }],
      applied: [{ plan: 0, steps: [{ status: 'done' }] }],
      counts: { error: 0, warning: 0 },
    });
    expect(inode()).toBe(before);
    expect(await pauseOf('web')).not.toBeNull();

    const half = await sandbox(['create', 'half', '--network', 'none'], { PODCTL_FAULT: 'during:3' });
    expect(half.signal).toBe('SIGKILL');
    const gone = await kit.gc(['sandboxes', '--assume-no-kubelet', '--yes']);
    expect(gone.code).toBe(0);
    expect(gone.report.objects).toMatchObject([{ messageId: 'creating', state: 'gone' }]);
    const { stdout } = await sandbox(['ls', '-o', 'json']);
    expect(JSON.parse(stdout).sandboxes.map((s: { name: string }) => s.name)).toEqual(['web']);
    expect(fs.readdirSync(path.join(kit.state, 'ns'))).toHaveLength(1);
  });
});
