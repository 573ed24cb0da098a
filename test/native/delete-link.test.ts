import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { deleteLink } from '../../src/native/links.ts';
import { probeNetworks } from '../../src/native/probe.ts';
import { errorOf, helper } from './native.ts';

let made = 0;

async function linkNamed(name: string) {
  const probed = await probeNetworks(['/proc/self/ns/net']);
  const links = probed.ok ? probed.value[0]?.network?.links : undefined;
  return links?.find((link) => link.name === name);
}

/** A pair of veths, both here. */
async function pair() {
  made += 1;
  const name = `pcdl${process.pid % 100_000}x${made}`;
  execFileSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`]);
  onTestFinished(() => {
    try {
      execFileSync('ip', ['link', 'delete', name], { stdio: 'ignore' });
    } catch {
      // The test has done it.
    }
  });
  const link = await linkNamed(name);
  if (!link) throw new Error(`${name} was not made`);
  return link;
}

it('deletes the link that was meant, with its other end, and says so when it is gone', async () => {
  const link = await pair();
  expect(await deleteLink(link)).toMatchObject({ ok: true, value: { deleted: true } });
  expect(await linkNamed(link.name)).toBeUndefined();
  expect(await linkNamed(`${link.name}p`)).toBeUndefined();
  expect(await deleteLink(link)).toMatchObject({ ok: true, value: { deleted: false } });
});

it('leaves a link alone whose name or address is another one', async () => {
  const link = await pair();
  for (const other of [{ name: 'other' }, { name: `${link.name}p` }, { mac: '02:00:00:00:00:01' }]) {
    const result = await deleteLink({ ...link, ...other });
    expect(result).toMatchObject({ ok: false, problem: { reason: 'mismatch' } });
  }
  expect(await linkNamed(link.name)).toEqual(link);
});

it.each([
  [['--index', '1', 'lo']],
  [['--index', '0', '--mac', '', 'lo']],
  [['--index', 'x', '--mac', '', 'lo']],
  [['--index', '1', '--mac', '']],
])('refuses %j', async (args) => {
  const ran = await helper(['delete-link', ...args]);
  expect([ran.code, errorOf(ran)?.code]).toEqual([2, 'usage']);
});
