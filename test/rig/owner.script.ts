// Brings up a rig with a pod and waits to be killed, for the test of what the next start cleans up.
import { makePod } from './pods.ts';
import { startRig } from './rig.ts';

const containerd = await startRig('2.x');
await makePod(containerd, { name: 'abandoned' });
process.stdout.write(`${containerd.pid()}\nready\n`);
setInterval(() => {}, 1 << 30);
