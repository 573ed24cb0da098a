import fs from 'node:fs';
import { expect, it } from 'vitest';
import { endLater, errorOf, helped, helper, idOf, pause } from './native.ts';

const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

it('makes a sandbox without root, into which its user can bring programs', async () => {
  const under = asNobody;
  const settings = ['--hostname', 'small', '--sysctl', 'net.ipv4.ip_forward=1', '--new-pid'];
  const [line] = await helped(['create-user', ...settings, '--', pause], { under });
  const pid = Number(line?.pid);
  endLater(pid);
  const ns = line?.ns as Record<string, string>;
  for (const type of ['user', 'net', 'ipc', 'uts', 'pid']) {
    expect(ns[type]).toBe(idOf(`/proc/${pid}/ns/${type}`));
    expect(ns[type]).not.toBe(idOf(`/proc/self/ns/${type}`));
  }
  expect(fs.readFileSync(`/proc/${pid}/uid_map`, 'utf8').trim().split(/\s+/)).toEqual(['0', '65534', '1']);

  const joins = ['user', 'net', 'ipc', 'uts', 'pid'].flatMap((type) => [
    `--${type}`,
    `/proc/${pid}/ns/${type}`,
    '--expect',
    `${type}=${ns[type]}`,
  ]);
  const script =
    'id -u; hostname; cat /proc/sys/net/ipv4/ip_forward; ip -o -4 addr show lo | grep -c 127.0.0.1/8; echo $$';
  const ran = await helper(['enter', ...joins, '--', 'sh', '-c', script], { under });
  expect([ran.stderr, ran.stdout]).toEqual(['', '0\nsmall\n1\n1\n2\n']);

  const probed = await helped(['probe', '--user', `/proc/${pid}/ns/user`, `/proc/${pid}/ns/net`], { under });
  expect(probed).toMatchObject([{ id: ns.net, links: [{ name: 'lo', up: true }] }]);

  const again = await helped(['pause', ...joins.slice(0, 16), '--', pause], { under });
  endLater(Number(again[0]?.pid));
  expect(again).toMatchObject([{ ns: { user: ns.user, net: ns.net, ipc: ns.ipc, uts: ns.uts } }]);
});

it('says what is needed for the rest', async () => {
  const ran = await helper(['create', '--net', '/tmp/podctl-never/net'], { under: asNobody });
  expect(ran.code).toBe(1);
  expect(errorOf(ran)).toMatchObject({ code: 'denied', message: expect.stringContaining('as root') });
});

it('wants pause by its path', async () => {
  const ran = await helper(['create-user', '--', 'pause'], { under: asNobody });
  expect([ran.code, errorOf(ran)?.code]).toEqual([2, 'usage']);
});
