import { execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installIptables, iptablesTree } from '../cni/iptables.ts';
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
  /** What podctl is run with, so that it finds plugins, runc and, where there is a firewall, iptables. */
  env: Record<string, string>;
  /** Makes an OCI bundle of busybox that runs `args`; gives its folder. */
  bundle(args: string[]): string;
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

/**
 * `network`: name of the network, and of its bridge; at most 15 characters. `firewall`: it publishes ports and has
 * rules, too.
 */
export async function openKit(network: string, { firewall = false } = {}): Promise<Kit> {
  const { available, missing } = await runtimes(['1.6']);
  const tools = available[0];
  if (tools === undefined) throw new Error(`no CNI plugins: ${missing[0]?.reason}`);
  const { cniBin, busybox } = tools;
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
  fs.writeFileSync(conflist, JSON.stringify(networkConf(network, dir, firewall)));
  const programs = path.join(dir, 'programs');
  fs.mkdirSync(programs);
  if (firewall) installIptables(await iptablesTree(), programs);
  const searched = [programs, path.dirname(tools.bin.runc), process.env.PATH].join(':');
  const env = { PATH: searched, CNI_PATH: cniBin };
  const state = path.join(dir, 'state');

  const ids = new Set<string>();
  const sandbox = async (args: string[], more: Record<string, string> = {}) => {
    // What stands after -- is another program's.
    const own = args.includes('--') ? args.indexOf('--') : args.length;
    const words = [...args.slice(0, own), '--state-dir', state, ...args.slice(own)];
    const done = await ran([...onHost, process.execPath, podctl, 'sandbox', ...words], {
      env: { ...env, ...more },
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
    env,
    bundle: (args) => busyboxBundle(dir, busybox, args),
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
      // Numbers by which the host knows network namespaces at the other ends of its links.
      namespaces: linesOf(call(['ip', 'netns', 'list-id']), /^(nsid \d+)/),
      rules: firewall ? linesOf(call([path.join(programs, 'iptables-save')]), /^(-A .*)/) : [],
      cgroups: cgroupsOf(ids),
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

/** Cgroups that OCI runtimes were told to make for containers of these sandboxes. */
function cgroupsOf(ids: ReadonlySet<string>): string[] {
  const starts = [...ids].map((id) => `podctl-${id.slice(0, 13)}-`);
  return ['/sys/fs/cgroup', ...namesIn('/sys/fs/cgroup').map((name) => `/sys/fs/cgroup/${name}`)]
    .filter((folder) => fs.statSync(folder).isDirectory())
    .flatMap((folder) => namesIn(folder).map((name) => path.join(folder, name)))
    .filter((folder) => starts.some((start) => path.basename(folder).startsWith(start)));
}

function busyboxBundle(dir: string, busybox: string, args: string[]): string {
  const bundle = fs.mkdtempSync(path.join(dir, 'bundle-'));
  for (const folder of ['bin', 'proc', 'dev', 'etc'])
    fs.mkdirSync(path.join(bundle, 'root', folder), { recursive: true });
  fs.copyFileSync(busybox, path.join(bundle, 'root/bin/busybox'));
  for (const name of ['sh', 'sleep', 'cat', 'ip', 'hostname', 'httpd', 'wget', 'readlink', 'ls'])
    fs.symlinkSync('busybox', path.join(bundle, 'root/bin', name));
  const config = {
    ociVersion: '1.0.2',
    root: { path: 'root' },
    process: { user: { uid: 0, gid: 0 }, args, env: ['PATH=/bin'], cwd: '/' },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs' },
    ],
    linux: { namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'network' }] },
  };
  fs.writeFileSync(path.join(bundle, 'config.json'), JSON.stringify(config));
  return bundle;
}

function networkConf(name: string, dir: string, firewall: boolean): object {
  const ipam = {
    type: 'host-local',
    dataDir: path.join(dir, 'ipam'),
    ranges: [[{ subnet: '10.213.7.0/24' }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  return {
    cniVersion: '1.0.0',
    name,
    plugins: [
      { type: 'bridge', bridge: name, isGateway: true, ipMasq: firewall, ipam },
      ...(firewall ? [{ type: 'portmap', capabilities: { portMappings: true } }, { type: 'firewall' }] : []),
      { type: 'tuning' },
    ],
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
