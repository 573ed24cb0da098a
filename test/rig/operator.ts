import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { installIptables, iptablesTree } from '../cni/iptables.ts';
import { until } from './process.ts';
import { sh } from './sh.ts';
import { busybox, removeCgroup } from './teardown.ts';

const CGROUPS = '/sys/fs/cgroup';

/** What an operator made on a node, for reasons of his own. `remove` takes it away again, whatever of it is there. */
export interface OperatorsOwn {
  remove(): Promise<void>;
}

/**
 * Network namespaces with names of their own, one with a process, an address and a veth into a bridge, one empty; a
 * link like a VPN's; a chain of iptables; a cgroup with a process in it. `name` tells them from others' at the same
 * time, in at most six letters; `folder` is for programs.
 */
export async function operatorsOwn(name: string, folder: string): Promise<OperatorsOwn> {
  const undo: (() => unknown)[] = [];
  const remove = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    await make(name, folder, undo);
    return { remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function make(name: string, folder: string, undo: (() => unknown)[]): Promise<void> {
  const ip = (...args: string[]) => sh(busybox(), ['ip', ...args]);
  const pin = (which: string) => `/run/netns/${name}-${which}`;
  fs.mkdirSync('/run/netns', { recursive: true });
  for (const which of ['vpn', 'idle']) {
    fs.writeFileSync(pin(which), '');
    undo.push(() => unpin(pin(which)));
    await sh(busybox(), ['unshare', `--net=${pin(which)}`, busybox(), 'true']);
  }
  for (const [link, type] of [
    [`${name}br`, 'bridge'],
    [`${name}ve`, 'veth'],
  ] as const) {
    await ip('link', 'add', link, 'type', type);
    undo.push(() => ip('link', 'del', link).catch(() => {}));
  }
  // As a VPN has it: a program would read from it.
  await sh(busybox(), ['tunctl', '-t', `${name}tn`]);
  undo.push(() => sh(busybox(), ['tunctl', '-d', `${name}tn`]));
  await ip('addr', 'add', '192.0.2.1/25', 'dev', `${name}br`);
  await ip('addr', 'add', '192.0.2.129/25', 'dev', `${name}tn`);
  await ip('link', 'set', `${name}ve`, 'master', `${name}br`);
  for (const link of [`${name}br`, `${name}tn`, `${name}ve`]) await ip('link', 'set', link, 'up');

  const tenant = spawn(busybox(), ['nsenter', `--net=${pin('vpn')}`, busybox(), 'sleep', '3600'], {
    stdio: 'ignore',
  });
  undo.push(() => tenant.kill('SIGKILL'));
  const peer = fs.readFileSync(`/sys/class/net/${name}ve/iflink`, 'utf8').trim();
  await until('the process to be in its namespace', () => isElsewhere(tenant));
  await ip('link', 'set', linkOf(peer), 'netns', String(tenant.pid));
  await sh(busybox(), ['nsenter', `--net=${pin('vpn')}`, busybox(), 'ip', 'link', 'set', 'lo', 'up']);

  const group = path.join(cgroupRoot(), `${name}-jobs`);
  fs.mkdirSync(path.join(group, 'nightly'), { recursive: true });
  undo.push(() => removeCgroup(group));
  const job = spawn(busybox(), ['sleep', '3600'], { stdio: 'ignore' });
  undo.push(() => job.kill('SIGKILL'));
  fs.writeFileSync(path.join(group, 'nightly/cgroup.procs'), String(job.pid));

  installIptables(await iptablesTree(), folder);
  const iptables = (...args: string[]) => sh(path.join(folder, 'iptables'), ['-w', ...args]);
  const chain = `${name}-OWN`;
  await iptables('-N', chain);
  undo.push(() => iptables('-X', chain));
  await iptables('-A', chain, '-d', '192.0.2.77', '-p', 'tcp', '--dport', '8443', '-j', 'RETURN');
  undo.push(() => iptables('-F', chain));
}

async function unpin(pin: string): Promise<void> {
  await sh(busybox(), ['umount', pin]).catch(() => {});
  fs.rmSync(pin, { force: true });
}

function isElsewhere({ pid }: ChildProcess): boolean {
  return fs.readlinkSync(`/proc/${pid}/ns/net`) !== fs.readlinkSync('/proc/self/ns/net');
}

/** Name of the link with this number. */
function linkOf(index: string): string {
  const names = fs.readdirSync('/sys/class/net');
  const found = names.find(
    (name) => fs.readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8').trim() === index,
  );
  if (found === undefined) throw new Error(`there is no link with number ${index}`);
  return found;
}

/** A hierarchy of v1 where there are such, else the one of v2. */
function cgroupRoot(): string {
  const pids = path.join(CGROUPS, 'pids');
  return fs.existsSync(pids) ? pids : CGROUPS;
}
