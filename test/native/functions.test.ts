import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runAttached, startDetached } from '../../src/native/enter.ts';
import { callHelper } from '../../src/native/helper.ts';
import { createNamespaces, pinNamespace, unpinNamespace } from '../../src/native/namespaces.ts';
import { probeNetworks } from '../../src/native/probe.ts';
import type { Native } from '../../src/native/problem.ts';
import { mountShm, unmountShm } from '../../src/native/shm.ts';
import { signalProcess } from '../../src/native/signal.ts';
import { startPause, startUserPause } from '../../src/native/start.ts';
import { endLater, eventually, folder, hasEnded, idOf, mountsBelow } from './native.ts';

function got<T>(result: Native<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

it('carries a sandbox from its making to its end', async () => {
  const at = folder();
  const paths = { net: `${at}/net`, ipc: `${at}/ipc`, uts: `${at}/uts` };
  const made = got(
    await createNamespaces({ paths, hostname: 'pod', sysctls: { 'net.ipv4.ip_forward': '1' }, mountNsOf: 1 }),
  );
  expect(made).toEqual({ net: idOf(paths.net), ipc: idOf(paths.ipc), uts: idOf(paths.uts) });

  const join = { net: { path: paths.net, ns: made.net ?? null }, ipc: { path: paths.ipc, ns: null } };
  const pause = got(await startPause(join, { newPid: true, label: 'pod' }));
  endLater(pause.pid);
  expect(pause).toMatchObject({ ns: { net: made.net, ipc: made.ipc }, startTicks: expect.any(Number) });

  const files = { log: `${at}/log`, exitFile: `${at}/exit` };
  const app = got(
    await startDetached(
      {
        join,
        command: ['sh', '-c', 'echo $A; sleep 300'],
        env: ['A=1'],
        mounts: [{ kind: 'tmpfs', target: '/mnt' }],
      },
      files,
    ),
  );
  endLater(app.pid);
  expect(app.keeper.pid).not.toBe(app.pid);
  const [seen, unseen] = got(await probeNetworks([paths.net, `${at}/none`]));
  expect(seen?.network?.links).toMatchObject([{ name: 'lo', up: true }]);
  expect(unseen).toMatchObject({
    network: null,
    problem: { code: 'missing', reason: 'missing', errno: 'ENOENT' },
  });

  await eventually(() => fs.readFileSync(files.log, 'utf8')).toMatch(/stdout F 1\n$/);
  expect(got(await signalProcess(app, 15, 20_000))).toEqual({ state: 'sent', ended: true });
  await eventually(() => fs.existsSync(files.exitFile)).toBe(true);
  expect(got(await signalProcess(app, 15))).toEqual({ state: 'gone' });
  expect(await signalProcess({ ...pause, startTicks: 1 }, 9)).toMatchObject({
    ok: false,
    problem: { reason: 'reused' },
  });
  got(await signalProcess(pause, 15, 20_000));

  got(await unpinNamespace({ path: paths.net, ns: made.net ?? null }));
  const gone = await pinNamespace({
    from: `/proc/${pause.pid}/ns/net`,
    ns: made.net ?? '0:0',
    to: paths.net,
  });
  expect(gone).toMatchObject({ ok: false, problem: { code: expect.stringMatching(/missing|denied/) } });
  for (const type of ['ipc', 'uts'] as const) {
    expect(got(await unpinNamespace({ path: paths[type], ns: made[type] ?? null }))).toMatchObject({
      was: 'pin',
    });
  }
  expect(mountsBelow(at)).toEqual([]);
});

it('makes one without root’s pins', async () => {
  const pause = got(await startUserPause({ hostname: 'small' }));
  endLater(pause.pid);
  expect(pause.ns.net).toBe(idOf(`/proc/${pause.pid}/ns/net`));
  expect(pause.ns.user).not.toBe(idOf('/proc/self/ns/user'));
});

it('runs a program to its end, and tells when it began', async () => {
  const begun: number[] = [];
  const ended = got(
    await runAttached({ join: {}, command: ['sh', '-c', 'exit 4'] }, ({ pid }) => begun.push(pid)),
  );
  expect(ended).toEqual({ exitCode: 4, signal: 0 });
  expect(begun).toEqual([expect.any(Number)]);
});

it('ends an attached program with the wait for it', async () => {
  const stop = new AbortController();
  let pid = 0;
  const result = await runAttached(
    { join: {}, command: ['sleep', '300'] },
    (started) => {
      pid = started.pid;
      stop.abort();
    },
    { signal: stop.signal },
  );
  expect(result).toMatchObject({ ok: false, problem: { code: 'timeout' } });
  await eventually(() => hasEnded(pid)).toBe(true);
});

it('mounts memory for /dev/shm once, and takes it away once', async () => {
  const at = path.join(folder(), 'shm');
  fs.mkdirSync(at);
  expect(got(await mountShm({ folder: at, size: 1024 * 1024 }))).toMatchObject({ wasMounted: false });
  expect(got(await mountShm({ folder: at }))).toMatchObject({ wasMounted: true });
  expect(fs.statfsSync(at)).toMatchObject({ type: 0x01021994, blocks: 256 });
  expect(fs.statSync(at).mode & 0o7777).toBe(0o1777);
  expect(got(await unmountShm({ folder: at }))).toMatchObject({ wasMounted: true });
  expect(got(await unmountShm({ folder: at }))).toMatchObject({ wasMounted: false });
  fs.rmdirSync(at);
  expect(got(await unmountShm({ folder: at }))).toMatchObject({ wasMounted: false });
  fs.symlinkSync('/tmp', at);
  expect(await mountShm({ folder: at })).toMatchObject({ ok: false });
});

it('gives every failure as a value', async () => {
  expect(await callHelper('no-such-verb', [])).toMatchObject({
    ok: false,
    problem: { code: 'crashed', reason: 'usage' },
  });
  const denied = await createNamespaces({ paths: { net: '/proc/net-pin' } });
  expect(denied).toMatchObject({ ok: false, problem: { message: expect.stringContaining('/proc/net-pin') } });
  const slow = await callHelper('enter', ['--', 'sleep', '300'], { timeoutMs: 300 });
  expect(slow).toMatchObject({ ok: false, problem: { code: 'timeout' } });
});
