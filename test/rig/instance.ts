import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CNI_CACHE, namesIn } from './files.ts';
import { withLock } from './lock.ts';
import { isAlive, type ProcessId, processId } from './process.ts';
import { clean } from './teardown.ts';

/** Names and places of one private containerd; all follow from its number. */
export interface Instance {
  number: number;
  dir: string;
  root: string;
  state: string;
  socket: string;
  configFile: string;
  confDir: string;
  ipamDir: string;
  log: string;
  /** Paths that a test wrote down as its own, one a line: what nothing else would prove to be ours. */
  journal: string;
  /** Names that libcni's cache held when the instance was made, one a line. */
  cacheBefore: string;
  cniNetwork: string;
  bridge: string;
  /** First two numbers of the /16 of its pods: `10.200.`. */
  prefix: string;
  subnet: string;
  cgroupRoot: string;
}

interface Record {
  owner: ProcessId;
  bootId: string;
}

const SLOTS = 50;

/** Folder of all instances of this machine. */
export function instancesFolder(): string {
  return path.join(os.tmpdir(), 'podctl-rig');
}

export function instance(number: number): Instance {
  const dir = path.join(instancesFolder(), String(number));
  const prefix = `10.${200 + number}.`;
  return {
    number,
    dir,
    root: path.join(dir, 'root'),
    state: path.join(dir, 'state'),
    socket: path.join(dir, 'containerd.sock'),
    configFile: path.join(dir, 'config.toml'),
    confDir: path.join(dir, 'net.d'),
    ipamDir: path.join(dir, 'ipam'),
    log: path.join(dir, 'containerd.log'),
    journal: path.join(dir, 'journal'),
    cacheBefore: path.join(dir, 'cache-before'),
    cniNetwork: `podctl-rig-${number}`,
    bridge: `podctl-rig${number}`,
    prefix,
    subnet: `${prefix}0.0/16`,
    cgroupRoot: `/podctl-rig-${number}`,
  };
}

/** Takes a free number for this process, after cleaning up what dead owners left. */
export function claimInstance(): Promise<Instance> {
  const folder = instancesFolder();
  return withLock(path.join(folder, 'lock'), async () => {
    await cleanDead();
    for (let number = 0; number < SLOTS; number += 1) {
      const own = instance(number);
      if (fs.existsSync(own.dir) || networkTaken(own)) continue;
      for (const dir of [own.root, own.state, own.confDir, own.ipamDir]) {
        fs.mkdirSync(dir, { recursive: true, mode: 0o711 });
      }
      if (own.socket.length >= 104)
        throw new Error(`${own.socket}: too long for a socket; set a shorter TMPDIR`);
      const owner = processId(process.pid);
      fs.writeFileSync(path.join(own.dir, 'owner.json'), JSON.stringify({ owner, bootId: bootId() }));
      fs.writeFileSync(own.cacheBefore, namesIn(CNI_CACHE).join('\n'));
      return own;
    }
    throw new Error(`no free place for a rig: all of ${SLOTS} in ${folder} are in use`);
  });
}

/** Removes an instance of this process with everything it made. */
export function releaseInstance(own: Instance): Promise<void> {
  return withLock(path.join(instancesFolder(), 'lock'), () => clean(own));
}

async function cleanDead(): Promise<void> {
  const numbers = fs.readdirSync(instancesFolder()).filter((name) => /^\d+$/.test(name));
  for (const own of numbers.map((n) => instance(Number(n)))) {
    if (!ownerLives(own)) await clean(own);
  }
}

function ownerLives(own: Instance): boolean {
  try {
    const text = fs.readFileSync(path.join(own.dir, 'owner.json'), 'utf8');
    const record = JSON.parse(text) as Record;
    return record.bootId === bootId() && isAlive(record.owner);
  } catch {
    return false;
  }
}

function bootId(): string {
  return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** True when a link has the bridge's name or any route leads into the subnet. */
function networkTaken(own: Instance): boolean {
  if (fs.existsSync(`/sys/class/net/${own.bridge}`)) return true;
  const wanted = own.prefix.split('.').slice(0, 2).map(Number);
  const routes = fs.readFileSync('/proc/net/route', 'utf8').trim().split('\n').slice(1);
  return routes.some((line) => {
    const [, destination = '', , , , , , mask = ''] = line.split('\t');
    const bytes = [6, 4].map((at) => Number.parseInt(destination.slice(at, at + 2), 16));
    const masks = [6, 4].map((at) => Number.parseInt(mask.slice(at, at + 2), 16));
    if (Number.parseInt(mask, 16) === 0) return false;
    return bytes.every((byte, i) => byte === ((wanted[i] ?? 0) & (masks[i] ?? 0)));
  });
}
