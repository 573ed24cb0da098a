// Distils captured nodes into the JSON files beside this program. Run by hand: node import.mjs FOLDER
// Only what collectors read is kept; secrets of specs (environment, arguments, mounts) are left behind.
import fs from 'node:fs';
import path from 'node:path';
import { bundles } from './import-bundles.mjs';
import { cri } from './import-cri.mjs';
import { podman } from './import-podman.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('usage: node import.mjs FOLDER (the one that holds containerd-1.6, crio-1.37, ...)');
const here = import.meta.dirname;

for (const name of fs.readdirSync(folder).filter((n) => fs.existsSync(path.join(folder, n, 'cri')))) {
  const set = path.join(folder, name);
  const answers = cri(set);
  const files = {};
  const links = { '/var/run': '/run' };
  const clock = processes(set, answers, files, links);
  host(set, files, links);
  pins(set, files);
  disk(set, files);
  cgroups(set, files);
  Object.assign(files, bundles(set, answers));
  const capture = {
    name,
    notes: [
      'Times: boot is reckoned from a sandbox and the start ticks of its pause (or of its first container).',
      'Not captured and written after the description of the machine: PID 1, boot id, kernel release, cgroup mounts.',
      'exe links: the first word of the command line.',
      'config.json of bundles: annotations and namespaces of the runtime specification that CRI showed.',
      ...(answers.store ? ["containerd's store: rebuilt from verbose CRI status; 1.x shows no metadata extension"] : []),
    ],
    clock,
    files: sorted(files),
    links: sorted(links),
    cri: answers,
    ...kubeletPods(set),
  };
  fs.writeFileSync(path.join(here, `${name}.json`), `${JSON.stringify(capture, null, 1)}\n`);
}

for (const name of fs.readdirSync(folder).filter((n) => fs.existsSync(path.join(folder, n, 'podman')))) {
  const set = path.join(folder, name);
  const { files, containers } = podman(set);
  const links = { '/var/run': '/run' };
  const createdAt = (one) => String(BigInt(Date.parse(one.State.StartedAt)) * 1_000_000n);
  const times = containers.map((one) => ({ id: one.Id, createdAt: createdAt(one) }));
  const clock = processes(set, { sandboxes: { items: times }, containers: { containers: [] } }, files, links);
  host(set, files, links);
  const mounts = fs.readFileSync(path.join(set, 'proc/podman-mount-namespace.mountinfo'), 'utf8');
  files['/proc/1/mountinfo'] = mounts;
  pins(set, files);
  disk(set, files);
  cgroups(set, files);
  const notes = [
    'Times, PID 1 and the machine: as for the other sets.',
    'config.json of containers: rebuilt from podman inspect (cgroup, network namespace).',
    'The mounts of PID 1 are those that podman had in a mount namespace of its own.',
  ];
  const capture = { name, notes, clock, files: sorted(files), links: sorted(links), cri: null };
  fs.writeFileSync(path.join(here, `${name}.json`), `${JSON.stringify(capture, null, 1)}\n`);
}

/** Processes of the set; returns the clock: seconds of boot since 1970, and of the moment of capture since boot. */
function processes(set, answers, files, links) {
  const starts = [];
  let newest = 0;
  for (const entry of fs.readdirSync(path.join(set, 'proc')).filter((n) => /^\d+_/.test(n))) {
    const [pid, role] = entry.split('_');
    const read = (file) => fs.readFileSync(path.join(set, 'proc', entry, file), 'utf8');
    const cmdline = read('cmdline').replaceAll('\n', '\0');
    files[`/proc/${pid}/stat`] = read('stat');
    files[`/proc/${pid}/cgroup`] = read('cgroup');
    files[`/proc/${pid}/cmdline`] = cmdline;
    for (const line of read('ns').split('\n')) {
      const [, type, target] = /^([a-z]+) -> (\S+)/.exec(line) ?? [];
      if (type) links[`/proc/${pid}/ns/${type}`] = target;
    }
    const [word = ''] = cmdline.split('\0');
    links[`/proc/${pid}/exe`] = word.startsWith('/') ? word : `/bin/${word}`;
    const ticks = Number(files[`/proc/${pid}/stat`].split(') ').pop().split(' ')[19]);
    newest = Math.max(newest, ticks);
    const id = read('cgroup').match(/[0-9a-f]{64}/g)?.at(-1);
    if (role === 'pause' || role === 'container') starts.push({ id, ticks });
    if (role === 'daemon' && !entry.endsWith('_kubelet')) daemonMounts(set, pid, files);
  }
  const made = new Map([...answers.sandboxes.items, ...answers.containers.containers].map((o) => [o.id, o.createdAt]));
  const boots = starts.map(({ id, ticks }) => Number(BigInt(made.get(id)) / 1_000_000n) / 1000 - ticks / 100);
  return { bootTime: Math.floor(Math.max(...boots)), uptime: Math.ceil(newest / 100) + 600 };
}

function daemonMounts(set, pid, files) {
  const file = fs.readdirSync(path.join(set, 'proc')).find((n) => /^daemon-.*\.mountinfo$/.test(n));
  const text = fs.readFileSync(path.join(set, 'proc', file), 'utf8');
  files[`/proc/${pid}/mountinfo`] = text;
  files['/proc/1/mountinfo'] = text;
}

/** PID 1 and the machine, as the index pages describe it: hybrid cgroups, no systemd. */
function host(set, files, links) {
  const ns = fs.readFileSync(path.join(set, 'proc/host-namespaces.txt'), 'utf8');
  for (const [, type, target] of ns.matchAll(/^(\w+) -> (\S+)$/gm)) links[`/proc/1/ns/${type}`] = target;
  links['/proc/1/ns/time'] = 'time:[4026531834]';
  links['/proc/1/exe'] = '/sbin/init';
  const controllers = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids', 'name=systemd'];
  files['/proc/1/cgroup'] = [...controllers.map((c, i) => `${i + 1}:${c}:/`).reverse(), '0::/', ''].join('\n');
  files['/proc/1/cmdline'] = '/sbin/init\0';
  files['/proc/1/stat'] = `1 (init) S 0 1 1 0 -1 4194560 ${'0 '.repeat(12)}1 ${'0 '.repeat(29)}0\n`;
  files['/proc/self/mountinfo'] = [
    '24 27 0:23 / /sys/fs/cgroup rw - tmpfs tmpfs rw',
    ...controllers.map((c, i) => `${30 + i} 24 0:${24 + i} / /sys/fs/cgroup/${c} rw - cgroup cgroup rw,${c}`),
    '29 24 0:50 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
    '',
  ].join('\n');
  files['/proc/sys/kernel/hostname'] = 'worker-1\n';
  files['/proc/sys/kernel/osrelease'] = '6.18.0\n';
  files['/proc/sys/kernel/random/boot_id'] = '6f1c2a52-6a4e-4d0c-9b0e-3c6a3f6f2b10\n';
}

function pins(set, files) {
  for (const [, pin] of fs.readFileSync(path.join(set, 'pins/ls.txt'), 'utf8').matchAll(/ (\/run\/\S+)$/gm))
    files[pin] = '';
}

function disk(set, files) {
  const from = path.join(set, 'disk/files');
  for (const file of fs.readdirSync(from, { recursive: true, withFileTypes: true })) {
    const real = path.join(file.parentPath, file.name);
    const at = `/${path.relative(from, real)}`;
    const kept = at.startsWith('/var/lib/cni/') || at.startsWith('/etc/') || /\/(init\.pid|pidfile|sandbox)$/.test(at);
    if (file.isFile() && kept) files[at] = fs.readFileSync(real, 'utf8');
  }
  const configs = {
    'config/config.toml': '/etc/containerd/config.toml',
    'config/crio.conf': '/etc/crio/crio.conf',
    'kubelet/config.yaml': '/var/lib/kubelet/config.yaml',
  };
  const manifests = path.join(set, 'kubelet/manifests');
  for (const name of fs.existsSync(manifests) ? fs.readdirSync(manifests) : []) configs[`kubelet/manifests/${name}`] = `/etc/kubernetes/manifests/${name}`;
  const tree = path.join(set, 'disk/kubelet-tree.txt');
  const pods = fs.existsSync(tree) ? fs.readFileSync(tree, 'utf8') : '';
  for (const [, hosts] of pods.matchAll(/ (\/var\/lib\/kubelet\/pods\/[^/\s]+)$/gm)) files[`${hosts}/etc-hosts`] = '';
  for (const [source, target] of Object.entries(configs)) {
    const real = path.join(set, source);
    if (fs.existsSync(real)) files[target] = fs.readFileSync(real, 'utf8');
  }
}

/** Three of ten hierarchies were captured. v2 tells of what is below; where nobody is, that is all it tells. */
function cgroups(set, files) {
  for (const name of ['pids', 'systemd', 'unified']) {
    const rows = fs.readFileSync(path.join(set, 'cgroup', `${name}.tsv`), 'utf8').trim().split('\n').slice(1);
    const all = rows.map((row) => row.split('\t'));
    for (const [dir, pids = ''] of all) {
      files[`${dir}/cgroup.procs`] = pids === '' ? '' : `${pids.replaceAll(/[ ,]+/g, '\n')}\n`;
      if (name !== 'unified') continue;
      const inhabited = all.some(([other, p = '']) => p !== '' && `${other}/`.startsWith(`${dir}/`));
      files[`${dir}/cgroup.events`] = `populated ${inhabited ? 1 : 0}\nfrozen 0\n`;
    }
  }
  files['/sys/fs/cgroup/unified/cgroup.controllers'] = '\n';
}

/** What kubelet said at /pods: names, annotations and phase; the rest is not read. */
function kubeletPods(set) {
  const file = path.join(set, 'kubelet/pods.json');
  if (!fs.existsSync(file)) return {};
  const { kind, apiVersion, items } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const pods = items.map(({ metadata: { name, namespace, uid, annotations }, status }) => ({
    metadata: { name, namespace, uid, annotations },
    status: { phase: status.phase },
  }));
  return { kubeletPods: { kind, apiVersion, items: pods } };
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
