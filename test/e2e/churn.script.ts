// Makes and removes pods on a running runtime: arguments are its socket, the parent of cgroups, and how many.
import { openSession } from '../../src/cri/session.ts';
import { makePod, removePod } from '../rig/pods.ts';

const [socket = '', cgroupRoot = '', cycles = '0'] = process.argv.slice(2);
const session = openSession(socket, socket, 120_000);
const numbers = [...Array(Number(cycles)).keys()];

async function worker(): Promise<void> {
  for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) {
    const pod = await makePod({ session, cgroupRoot }, { name: `churn-${n}`, sharePid: n % 3 === 0 });
    await removePod({ session, cgroupRoot }, pod.id);
  }
}

await Promise.all([worker(), worker()]);
session.close();
process.stdout.write('done\n');
