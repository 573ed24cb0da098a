import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type CriSession, openSession } from '../../src/cri/session.ts';
import { bundlesOf } from './belongings.ts';
import { type ConfigPaths, type ConfigSettings, cniConflist, containerdConfig } from './config.ts';
import { type Home, type Iptables, MACHINE, makeHome } from './home.ts';
import { APP_IMAGE, busyboxArchive, pauseArchive } from './images.ts';
import { claimInstance, type Instance, releaseInstance } from './instance.ts';
import type { Runtime } from './packages.ts';
import { isAlive, type ProcessId, processId, signal, until } from './process.ts';
import { sh } from './sh.ts';

export const SANDBOX_IMAGE = 'registry.k8s.io/pause:3.9';

export interface RigOptions {
  /** Names under which our pause is imported; the first one is configured as the sandbox image. */
  sandboxImages?: string[];
  /** Gives the daemon and its shims a mount namespace of their own, with mounts that propagate nowhere or to copies. */
  mounts?: 'private' | 'shared';
  /** It runs on a host of its own, a network namespace, with this kind of iptables, and its pods may publish ports. */
  firewall?: Iptables;
}

/** A private containerd that runs. Paths are absolute; `instance` has the rest of its names. */
export interface Containerd extends Instance {
  runtime: Runtime;
  instance: Instance;
  /** What the configuration file says now. */
  settings: ConfigSettings;
  paths: ConfigPaths;
  /** Folder of the live state of sandboxes and containers. */
  bundles: string;
  /** Long deadline; opened anew at every start. */
  session: CriSession;
  /** The daemon as last started. */
  daemon: ProcessId;
  /** The host that it runs on. */
  home: Home;
  pid(): number;
  /** Runs ctr in the namespace of CRI and gives its stdout. */
  ctr(...args: string[]): Promise<string>;
  /** Imports an OCI archive. */
  load(archive: Buffer): Promise<void>;
  /** Writes the configuration with some settings changed; in force at the next start. */
  configure(change: Partial<ConfigSettings>): void;
  /** Ends the daemon alone: pods go on. */
  halt(): Promise<void>;
  /** Starts a halted daemon and waits until it is ready. */
  resume(): Promise<void>;
  restart(change?: Partial<ConfigSettings>): Promise<void>;
  /** Removes everything the instance made, by force. */
  stop(): Promise<void>;
}

const DEADLINE_MS = 120_000;
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Starts a containerd of its own beside whatever the machine runs. Throws with the end of its log. */
export async function startContainerd(runtime: Runtime, options: RigOptions = {}): Promise<Containerd> {
  const own = await claimInstance();
  try {
    return await start(runtime, own, options);
  } catch (error) {
    await releaseInstance(own);
    throw error;
  }
}

async function start(runtime: Runtime, own: Instance, options: RigOptions): Promise<Containerd> {
  const images = options.sandboxImages ?? [SANDBOX_IMAGE];
  const paths: ConfigPaths = {
    root: own.root,
    state: own.state,
    socket: own.socket,
    opt: path.join(own.dir, 'opt'),
    cniBin: runtime.cniBin,
    confDir: own.confDir,
  };
  const home = options.firewall ? await makeHome(own.dir, options.firewall) : MACHINE;
  const more = options.firewall ? { ipMasq: true, portmap: true } : {};
  const conflist = cniConflist(own.cniNetwork, own.bridge, own.subnet, own.ipamDir, more);
  fs.writeFileSync(path.join(own.confDir, '10-rig.conflist'), conflist);

  const containerd: Containerd = {
    ...own,
    runtime,
    instance: own,
    settings: { sandboxImage: images[0] ?? null, runc: runtime.bin.runc, imports: [], tail: '' },
    paths,
    bundles: bundlesOf(own),
    session: openSession(own.socket, own.socket, DEADLINE_MS),
    daemon: { pid: 0, startTicks: 0 },
    home,
    pid: () => containerd.daemon.pid,
    ctr: (...args) => sh(runtime.bin.ctr, ['--address', own.socket, '--namespace', 'k8s.io', ...args]),
    async load(archive) {
      const file = path.join(own.dir, 'image.tar');
      fs.writeFileSync(file, archive);
      await containerd.ctr('images', 'import', file);
      fs.rmSync(file);
    },
    configure(change) {
      Object.assign(containerd.settings, change);
      fs.writeFileSync(own.configFile, containerdConfig(runtime.line, paths, containerd.settings));
    },
    async halt() {
      containerd.session.close();
      signal(containerd.daemon, 'SIGTERM');
      await until('containerd to end', () => !isAlive(containerd.daemon));
    },
    async resume() {
      containerd.daemon = launch(runtime, own, home, options.mounts);
      await ready(containerd);
    },
    async restart(change = {}) {
      await containerd.halt();
      containerd.configure(change);
      await containerd.resume();
    },
    async stop() {
      containerd.session.close();
      await releaseInstance(own);
    },
  };
  containerd.configure({});
  await containerd.resume();
  await containerd.load(await pauseArchive(images));
  await containerd.load(await busyboxArchive(runtime, [APP_IMAGE]));
  return containerd;
}

/** Starts a daemon and does not wait for it. */
export function launch(
  runtime: Runtime,
  own: Instance,
  home: Home,
  mounts?: RigOptions['mounts'],
): ProcessId {
  const log = fs.openSync(own.log, 'a');
  const daemon = [...home.enter, runtime.bin.containerd, '--config', own.configFile];
  // Private first: what is shared then is shared with nobody but its own copies.
  const propagate = `mount --make-rprivate / && mount --make-r${mounts} / && exec "$@"`;
  const [file = '', ...args] = mounts ? ['unshare', '-m', 'sh', '-c', propagate, 'sh', ...daemon] : daemon;
  const child = spawn(file, args, {
    // Its own group: an interrupt from the terminal is the test's to handle.
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: {
      PATH: `${home.tools.map((folder) => `${folder}:`).join('')}${runtime.bin.shimDir}:${SYSTEM_PATH}`,
    },
  });
  fs.closeSync(log);
  child.unref();
  const id = child.pid === undefined ? null : processId(child.pid);
  if (!id) throw new Error(`containerd ${runtime.version} did not start: ${tail(own.log)}`);
  return id;
}

/** Ready is more than a socket: Version answers, and Status says that the network is there too. */
async function ready(containerd: Containerd): Promise<void> {
  containerd.session.close();
  containerd.session = openSession(containerd.socket, containerd.socket, DEADLINE_MS);
  let said = '';
  await until(
    'containerd to be ready',
    async () => {
      if (!isAlive(containerd.daemon)) throw new Error(`containerd ended: ${tail(containerd.log)}`);
      try {
        await containerd.session.call('Version', (c, o) => c.runtime.version({}, o));
        const answer = await containerd.session.call('Status', (c, o) => c.runtime.status({}, o));
        return answer.status?.conditions.every((condition) => condition.status) ?? false;
      } catch (error) {
        said = String(error);
        return false;
      }
    },
    60_000,
  ).catch((error: unknown) => {
    throw new Error(
      `${error instanceof Error ? error.message : String(error)}; ${said}; log: ${tail(containerd.log)}`,
    );
  });
}

/** The last lines of a log. */
export function tail(file: string, count = 5): string {
  return fs.readFileSync(file, 'utf8').trim().split('\n').slice(-count).join('\n');
}
