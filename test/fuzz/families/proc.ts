import { parseCmdline, parseFlags } from '../../../src/collect/argv.ts';
import { ownerOfPath, parseCgroup } from '../../../src/collect/cgroup-path.ts';
import { readBootTime } from '../../../src/collect/clock.ts';
import { candidateKind, identifyDaemon } from '../../../src/collect/daemon-kind.ts';
import { cgroupMode } from '../../../src/collect/host.ts';
import { parseShimArgs } from '../../../src/collect/shim-args.ts';
import { parseUnixSockets } from '../../../src/collect/sockets.ts';
import { parseCniEnviron } from '../../../src/host/cni-environ.ts';
import { mountedNamespace, parseMountinfo } from '../../../src/host/mountinfo.ts';
import { parseProcStat } from '../../../src/host/proc-stat.ts';
import { maybeWhole, nsId } from '../../../src/model/shapes-common.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold } from '../must.ts';
import { planted } from '../planted.ts';
import { captured } from '../samples.ts';
import { LIMITS } from './limits.ts';

const node = planted();
const FLAGS = new Set(['config', 'address', 'root']);

const stat: Parser = {
  files: [
    'host/proc-stat.ts',
    'host/process.ts',
    'host/scan.ts',
    'collect/processes.ts',
    'sandbox/workers.ts',
  ],
  name: '/proc/PID/stat',
  kind: 'text',
  samples: [
    ...captured(/^\/proc\/\d+\/stat$/, 4),
    '1 (a) b) c) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 7 8 9\n',
  ],
  parse(text) {
    const found = parseProcStat(text);
    if (found === null) return;
    must(maybeWhole, found.startTicks);
    must(maybeWhole, found.ppid);
    mustHold(found.state.length === 1, `state ${found.state}`);
  },
};

const cgroup: Parser = {
  files: ['collect/cgroup-path.ts'],
  name: '/proc/PID/cgroup and cpuset',
  kind: 'text',
  samples: [
    ...captured(/^\/proc\/\d+\/cgroup$/),
    '0::/kubepods.slice/kubepods-pod1.slice/crio-1.scope (deleted)\n',
  ],
  parse(text) {
    for (const owner of [parseCgroup(text), ownerOfPath(text)]) {
      mustHold(
        owner.containerId === null || /^[0-9a-f]{64}$/.test(owner.containerId),
        `id ${owner.containerId}`,
      );
      mustHold(owner.podUid === null || /^[0-9a-f-]{32,36}$/.test(owner.podUid), `uid ${owner.podUid}`);
    }
    cgroupMode(text);
  },
};

const mountinfo: Parser = {
  files: ['host/mountinfo.ts', 'collect/mount-view.ts', 'collect/cgroup-tree.ts'],
  name: '/proc/PID/mountinfo',
  kind: 'text',
  samples: captured(/mountinfo$/, 3),
  parse(text) {
    for (const mount of parseMountinfo(text, new Set(['nsfs', 'cgroup', 'cgroup2', ''])))
      must(nsId, mountedNamespace({ ...mount, device: 4 })?.ns ?? null);
  },
};

const unix: Parser = {
  files: ['collect/sockets.ts'],
  name: '/proc/net/unix',
  kind: 'text',
  samples: [
    'Num       RefCount Protocol Flags    Type St Inode Path\n0000000000000000: 00000002 00000000 00010000 0001 01 31079 /run/containerd/containerd.sock\n0000000000000000: 00000003 00000000 00000000 0001 03 31080\n0000000000000000: 00000002 00000000 00010000 0001 01 31081 @/abstract name\n',
  ],
  parse(text) {
    for (const [inode, path] of parseUnixSockets(text)) mustHold(/^\d+$/.test(inode) && path !== '', inode);
  },
};

const cmdline: Parser = {
  files: ['collect/argv.ts', 'collect/shim-args.ts', 'collect/daemon-kind.ts', 'collect/daemons.ts'],
  name: '/proc/PID/cmdline: shims and daemons',
  kind: 'text',
  samples: [
    ...captured(/^\/proc\/\d+\/cmdline$/),
    'containerd-shim-runc-v2\0-namespace\0k8s.io\0-id\0a\0-address=/run/containerd/containerd.sock\0',
  ],
  parse(text) {
    const args = parseCmdline(text);
    parseFlags(args, FLAGS, { c: 'config' });
    const shim = parseShimArgs(args);
    mustHold(shim === null || (shim.id !== '' && shim.namespace !== ''), 'a shim of nobody');
    const kind = candidateKind('/usr/bin/containerd');
    if (kind) identifyDaemon(kind, args);
  },
};

const environ: Parser = {
  files: ['host/cni-environ.ts', 'collect/cni-calls.ts'],
  name: '/proc/PID/environ of a CNI plugin',
  kind: 'text',
  samples: ['PATH=/bin\0CNI_COMMAND=ADD\0CNI_CONTAINERID=a1\0CNI_NETNS=/run/netns/cni-1\0'],
  parse(text) {
    const call = parseCniEnviron(text);
    mustHold(call === null || call.command !== '', 'a call without a command');
  },
};

const clock: Parser = {
  files: ['collect/clock.ts', 'collect/host.ts'],
  name: '/proc/stat: time of boot',
  kind: 'text',
  samples: ['cpu  1 2 3\nbtime 1760000000\nprocesses 1\n'],
  count: 1500,
  refuses: (error) => error instanceof Error && error.message === '/proc/stat has no line "btime"',
  parse(_, bytes) {
    node().put('/proc/stat', bytes);
    mustHold(Number.isFinite(readBootTime(node().host)), 'no time');
  },
};

export const PROC: readonly Parser[] = [stat, cgroup, mountinfo, unix, cmdline, environ, clock, ...LIMITS];
