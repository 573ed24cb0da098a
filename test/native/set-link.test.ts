import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { setLink } from '../../src/native/links.ts';
import { probeNetworks } from '../../src/native/probe.ts';
import { errorOf, helper } from './native.ts';

const ip = (...args: string[]) => void execFileSync('ip', args, { stdio: 'ignore' });

async function linkNamed(name: string) {
  const probed = await probeNetworks(['/proc/self/ns/net']);
  const link = probed.ok ? probed.value[0]?.network?.links.find((one) => one.name === name) : undefined;
  if (!link) throw new Error(`there is no ${name}`);
  return link;
}

it('puts that very link into a bridge, brings it up, and leaves another one alone', async () => {
  const name = `pcsl${process.pid % 100_000}`;
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`);
  onTestFinished(() => ip('link', 'delete', name));
  ip('link', 'add', `${name}b`, 'type', 'bridge');
  onTestFinished(() => ip('link', 'delete', `${name}b`));
  const [link, bridge] = [await linkNamed(name), await linkNamed(`${name}b`)];
  for (const other of [{ name: 'other' }, { mac: '02:00:00:00:00:01' }]) {
    const refused = await setLink({ ...link, ...other, master: bridge.index, up: true });
    expect(refused).toMatchObject({ ok: false, problem: { reason: 'mismatch' } });
  }
  expect(await linkNamed(name)).toMatchObject({ master: 0, up: false });
  expect(await setLink({ ...link, master: bridge.index, up: false })).toEqual({ ok: true, value: null });
  expect(await linkNamed(name)).toMatchObject({ master: bridge.index, up: false });
  expect(await setLink({ ...link, master: null, up: true })).toEqual({ ok: true, value: null });
  expect(await linkNamed(name)).toMatchObject({ master: bridge.index, up: true });
  const gone = await setLink({ ...link, index: 9_999_999, master: null, up: true });
  expect(gone).toMatchObject({ ok: false, problem: { reason: 'missing' } });
  const noBridge = await setLink({ ...link, master: 9_999_999, up: false });
  expect(noBridge).toMatchObject({ ok: false });
});

it.each([
  [['--index', '1', '--mac', '', 'lo']],
  [['--index', '0', '--mac', '', '--up', 'lo']],
  [['--index', '1', '--mac', '', '--master', 'x', 'lo']],
  [['--index', '1', '--mac', '', '--up']],
])('refuses %j', async (args) => {
  const ran = await helper(['set-link', ...args]);
  expect([ran.code, errorOf(ran)?.code]).toEqual([2, 'usage']);
});
