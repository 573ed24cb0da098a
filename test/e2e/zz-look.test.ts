import { execFileSync } from 'node:child_process';
import { it } from 'vitest';
import { damagedPods, onNode } from '../rig/attachment-faults.ts';
import { makePod } from '../rig/pods.ts';
import { withRig } from '../rig/rig.ts';
import { podctl } from './doctor.ts';
it('look', async () => {
  await withRig('2.x', {}, async (c) => {
    await damagedPods(c);
    await makePod(c, { name: 'bystander' });
    const run = (...a: string[]) => { try { return execFileSync(process.execPath, [podctl(), 'doctor', '-r', c.socket, '--min-age', '0s', ...a], { encoding: 'utf8' }); } catch (e) { return String((e as {stdout: string}).stdout); } };
    console.log(run());
    console.log(run('cni/attachment-lost', '-o', 'json').slice(0, 3000));
    await onNode(c, 'link', 'set', c.bridge, 'down');
    console.log(run());
    await onNode(c, 'link', 'del', c.bridge);
    console.log(run());
    await makePod(c, { name: 'new' });
    console.log(run());
  });
}, 60000);
