// Brings up a rig of the named line with a pod and waits to be killed, for the test of what the next start cleans up.
import type { Line } from './packages.ts';
import { makePod } from './pods.ts';
import { startRig } from './rig.ts';

const containerd = await startRig(process.argv[2] as Line);
await makePod(containerd, { name: 'abandoned' });
process.stdout.write(`${containerd.pid()}\nready\n`);
setInterval(() => {}, 1 << 30);
