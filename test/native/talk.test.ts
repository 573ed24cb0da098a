import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { errorOf, folder, helped, helper, pinned } from './native.ts';

function inside(net: string, script: string): void {
  execFileSync('nsenter', [`--net=${net}`, 'sh', '-ec', script]);
}

async function talk(listen: string, dial: string, address: string, waitMs = 500) {
  const args = ['talk', '--listen', listen, '--dial', dial, '--wait-ms', String(waitMs), address];
  const [line] = await helped(args);
  return line;
}

/** Two namespaces that are connected, 10.98.0.1 and .2, fd00:98::1 and ::2. */
async function pair(): Promise<{ one: string; two: string }> {
  const [a, b] = [await pinned(), await pinned()];
  const [one, two] = [`${a.at}/net`, `${b.at}/net`];
  inside(one, `ip link set lo up; ip link add v1 type veth peer name v2 netns ${two}`);
  for (const [net, dev, n] of [
    [one, 'v1', 1],
    [two, 'v2', 2],
  ])
    inside(
      String(net),
      `ip link set lo up; ip link set ${dev} up; ip addr add 10.98.0.${n}/24 dev ${dev}; ip addr add fd00:98::${n}/64 dev ${dev} nodad`,
    );
  return { one, two };
}

const TALKED = { talked: true, failedAt: '', why: '', errno: 0 };

it('talks within a namespace and between two, over both families', async () => {
  const { one, two } = await pair();
  expect(await talk(one, one, '127.0.0.1')).toEqual(TALKED);
  expect(await talk(one, one, '::1')).toEqual(TALKED);
  expect(await talk(one, two, '10.98.0.1')).toEqual(TALKED);
  expect(await talk(two, one, 'fd00:98::2')).toEqual(TALKED);
});

it('says where it failed and why', async () => {
  const { one, two } = await pair();
  expect(await talk(one, two, '10.98.0.9')).toMatchObject({ failedAt: 'listen', errno: 99 });
  expect(await talk(one, two, '127.0.0.1')).toMatchObject({ failedAt: 'dial', errno: 111 });
  inside(one, 'ip addr add 10.97.0.1/32 dev lo');
  expect(await talk(one, two, '10.97.0.1')).toMatchObject({ failedAt: 'dial', errno: 101 });
  inside(two, 'ip route add blackhole 10.97.0.1');
  expect(await talk(one, two, '10.97.0.1')).toMatchObject({ talked: false, failedAt: 'dial', errno: 22 });
  inside(one, 'ip link set v1 down');
  inside(two, 'ip route del blackhole 10.97.0.1; ip route add 10.97.0.1 dev v2');
  const late = await talk(one, two, '10.97.0.1', 200);
  expect(late).toMatchObject({ talked: false, failedAt: 'dial' });
  expect(late?.why).not.toBe('');
});

it('wants two network namespaces and an address', async () => {
  const { one } = await pair();
  const failing = async (...args: string[]) => errorOf(await helper(['talk', ...args]))?.code;
  expect(await failing('--listen', one, '--dial', one)).toBe('usage');
  expect(await failing('--listen', one, '127.0.0.1')).toBe('usage');
  expect(await failing('--listen', one, '--dial', one, 'nowhere')).toBe('usage');
  expect(await failing('--listen', one, '--dial', one, '--wait-ms', 'x', '127.0.0.1')).toBe('usage');
  expect(await failing('--listen', `${folder()}/none`, '--dial', one, '127.0.0.1')).toBe('missing');
  expect(await failing('--listen', one, '--dial', '/proc/self/ns/uts', '127.0.0.1')).toBe('no-namespace');
});
