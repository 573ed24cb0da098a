import { execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runtimes } from '../rig/packages.ts';
import { commandLine } from '../rig/process.ts';
import { podctl, type Ran, root } from '../support/cli.ts';

const ID_LENGTH = 64;
const CACHE = '/var/lib/cni/results';
const podctlNs = path.join(root, 'dist/native/podctl-ns');

export interface SandboxStatus {
  id: string;
  name: string;
  state: string;
  phase: string;
  pause: { pid: number; alive: boolean };
  namespaces: Record<string, { pin: string; pinned: boolean; id: string }>;
  network: { addresses: string[]; links: { name: string; index: number; mac: string }[] };
  folder: string;
  otherProcesses: { pid: number; comm: string }[];
}

/** A host of its own for sandboxes: a network namespace that podctl runs in, a state folder, networks and plugins. */
export interface Kit {
  dir: string;
  state: string;
  /** Configuration of a network with a bridge of its own. */
  conflist: string;
  cniBin: string;
  /** Words that run a program on the kit's host. */
  onHost: string[];
  /** Runs `podctl sandbox ...` there. */
  sandbox(args: string[], env?: Record<string, string>): Promise<Ran>;
  /** Makes a sandbox on the network; gives its id. */
  create(name: string, more?: string[]): Promise<string>;
  inspect(name: string): Promise<SandboxStatus>;
  /** Starts a program in a sandbox's namespaces, on its own from then on. */
  enter(name: string, command: string[]): Promise<{ pid: number; log: string }>;
  /** What sandboxes may leave on a machine. */
  footprint(): Record<string, string[]>;
  /** Ends what is left, whatever the tests did. */
  close(): Promise<void>;
}

/** `network`: name of the network, and of its bridge; at most 15 characters. */
export async function openKit(network: string): Promise<Kit> {
  const { available, missing } = await runtimes(['1.6']);
  const cniBin = available[0]?.cniBin;
  if (cniBin === undefined) throw new Error(`no CNI plugins: ${missing[0]?.reason}`);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-sandbox-'));
  const host = path.join(dir, 'host');
  fs.writeFileSync(host, '');
  execFileSync('unshare', [`--net=${host}`, 'true']);
  const onHost = ['nsenter', `--net=${host}`];
  const call = (args: string[]) =>
    execFileSync(onHost[0] ?? '', [...onHost.slice(1), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  call(['ip', 'link', 'set', 'lo', 'up']);
  const conflist = path.join(dir, 'network.conflist');
  fs.writeFileSync(conflist, JSON.stringify(networkConf(network, dir)));
  const state = path.join(dir, 'state');

  const ids = new Set<string>();
  const sandbox = async (args: string[], env: Record<string, string> = {}) => {
    // What stands after -- is another program's.
    const own = args.includes('--') ? args.indexOf('--') : args.length;
    const words = [...args.slice(0, own), '--state-dir', state, ...args.slice(own)];
    const done = await ran([...onHost, process.execPath, podctl, 'sandbox', ...words], {
      env: { PATH: process.env.PATH ?? '', CNI_PATH: cniBin, ...env },
    });
    for (const name of namesIn(path.join(state, 'records'))) ids.add(name.slice(0, ID_LENGTH));
    return done;
  };

  const succeed = async (args: string[]) => {
    const done = await sandbox(args);
    if (done.code !== 0)
      throw new Error(`podctl sandbox ${args.join(' ')}: ${done.code} ${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  const inspect = async (name: string): Promise<SandboxStatus> =>
    JSON.parse(await succeed(['inspect', name, '-o', 'json']));

  return {
    dir,
    state,
    conflist,
    cniBin,
    onHost,
    sandbox,
    create: async (name, more = ['--network', conflist]) => (await succeed(['create', name, ...more])).trim(),
    inspect,
    async enter(name, command) {
      const { namespaces, folder } = await inspect(name);
      const joins = ['net', 'ipc', 'uts'].flatMap((type) => [`--${type}`, namespaces[type]?.pin ?? '']);
      const log = path.join(folder, `${Date.now()}-${Math.random()}.log`);
      const files = ['--detach', '--log', log, '--exit-file', `${log}.exit`];
      const { stdout } = await ran([podctlNs, 'enter', ...joins, ...files, '--', ...command], {
        stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      });
      const started = JSON.parse(stdout.split('\n')[0] ?? '{}') as { pid?: number };
      if (started.pid === undefined) throw new Error(`podctl-ns enter: ${stdout}`);
      return { pid: started.pid, log };
    },
    footprint: () => ({
      mounts: fs
        .readFileSync('/proc/self/mounts', 'utf8')
        .split('\n')
        .filter((line) => line.includes(state)),
      processes: processesNaming([state, ...ids]),
      links: linesOf(call(['ip', '-o', 'link']), /^\d+: ([^:@]+)/),
      addresses: linesOf(call(['ip', '-o', 'address']), /^\d+: (\S+ +\S+ +\S+)/).filter(
        (a) => !a.includes('fe80'),
      ),
      // A bridge without ports is down: that is no trace of a sandbox.
      routes: linesOf(call(['ip', 'route']), /^(.+?)(?: linkdown)? *$/),
      reservations: namesIn(path.join(dir, 'ipam', network)).filter((n) => /^\d/.test(n)),
      cache: namesIn(CACHE).filter((name) => name.startsWith(`${network}-`)),
      state: fs.existsSync(state) ? fs.readdirSync(state, { recursive: true, encoding: 'utf8' }).sort() : [],
    }),
    async close() {
      const { stdout } = await sandbox(['ls', '-o', 'json']);
      const left = (JSON.parse(stdout || '{"sandboxes":[]}') as { sandboxes: { id: string }[] }).sandboxes;
      if (left.length > 0) await sandbox(['rm', '-f', ...left.map((s) => s.id)]);
      execFileSync('umount', [host]);
      fs.rmSync(dir, { recursive: true });
    },
  };
}

function networkConf(name: string, dir: string): object {
  const ipam = {
    type: 'host-local',
    dataDir: path.join(dir, 'ipam'),
    ranges: [[{ subnet: '10.213.7.0/24' }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  return {
    cniVersion: '1.0.0',
    name,
    plugins: [{ type: 'bridge', bridge: name, isGateway: true, ipam }, { type: 'tuning' }],
  };
}

/** Runs a program; descriptor 3, where it is a pipe, counts as its stdout. */
function ran([file = '', ...args]: string[], options: SpawnOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let stdout = '';
    let stderr = '';
    for (const stream of [child.stdout, child.stdio[3]])
      stream?.on('data', (chunk) => {
        stdout += chunk;
      });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Command lines of live processes that name one of these. */
function processesNaming(texts: readonly string[]): string[] {
  return namesIn('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const line = commandLine(Number(pid)).join(' ');
    return texts.some((text) => line.includes(text)) ? [`${pid} ${line}`] : [];
  });
}

function linesOf(text: string, pattern: RegExp): string[] {
  return text
    .split('\n')
    .flatMap((line) => pattern.exec(line)?.[1] ?? [])
    .sort();
}

function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}
