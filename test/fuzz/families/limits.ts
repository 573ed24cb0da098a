import { parseOpenFilesLimit, parsePidsPath, parseThreads } from '../../../src/collect/limits/counts.ts';
import { mountOf } from '../../../src/collect/limits/mount-of.ts';
import { parseSpace } from '../../../src/collect/limits/space.ts';
import { parseWriteLocks } from '../../../src/collect/stalls/databases.ts';
import { remoteMounts } from '../../../src/collect/stalls/mounts.ts';
import { parseStack, parseSwitches } from '../../../src/collect/stalls/threads.ts';
import type { Parser } from '../fuzz.ts';
import { mustHold } from '../must.ts';
import { captured } from '../samples.ts';

const counts: Parser = {
  files: ['collect/limits/counts.ts', 'collect/limits/space.ts'],
  name: 'limits of the kernel and of file systems',
  kind: 'text',
  samples: [
    '0.11 0.94 1.67 1/99 6516\n',
    'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 524288               files     \n',
    '8:pids:/system.slice\n0::/system.slice/containerd.service\n',
    '4096 66053021 60095300 20640007 16777216 16341704\n',
  ],
  parse(text) {
    const limit = parseOpenFilesLimit(text);
    for (const count of [parseThreads(text), limit])
      mustHold(count === undefined || count === null || Number.isSafeInteger(count), `count ${count}`);
    mustHold(parsePidsPath(text)?.path.startsWith('/') ?? true, 'a path that does not begin with /');
    const sizes = Object.values(parseSpace(text) ?? {});
    mustHold(
      sizes.every((size) => size >= 0),
      `sizes ${sizes}`,
    );
  },
};

const mounts: Parser = {
  files: ['collect/limits/mount-of.ts', 'collect/stalls/mounts.ts'],
  name: 'mounts by path, and those that may hang',
  kind: 'text',
  samples: [
    ...captured(/mountinfo$/, 2),
    '3 1 0:3 / /var/lib/kubelet/pods/x/volumes/a\\040b rw - nfs4 s:/x rw\n',
  ],
  parse(text) {
    for (const path of ['/', '/run/containerd', '/var/lib/kubelet/pods/x/volumes/a b'])
      mustHold(mountOf(text, path)?.mountPoint.startsWith('/') ?? true, 'a mount point without /');
    mustHold(
      remoteMounts(text).every(({ mountPoint }) => mountPoint.startsWith('/')),
      'a mount point without /',
    );
  },
};

const threads: Parser = {
  files: ['collect/stalls/threads.ts', 'collect/stalls/databases.ts'],
  name: 'what threads wait for, and who holds locks',
  kind: 'text',
  samples: [
    '[<0>] percpu_rwsem_wait+0x10f/0x140\n[<0>] mnt_want_write+0x5d/0x90\n',
    'State:\tD (disk sleep)\nvoluntary_ctxt_switches:\t42\nnonvoluntary_ctxt_switches:\t7\n',
    '1: FLOCK  ADVISORY  WRITE 12 fe:00:2 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 13 fe:00:2 0 EOF\n',
  ],
  parse(text) {
    mustHold(
      parseStack(text).every((name) => /^\w{1,100}$/.test(name)),
      'a function with an odd name',
    );
    mustHold(/^[\d ]*$/.test(parseSwitches(text)), 'switches that are no numbers');
    mustHold([...parseWriteLocks(text)].every(Number.isSafeInteger), 'a pid that is no number');
  },
};

/** What runs out, and what is waited for. */
export const LIMITS: readonly Parser[] = [counts, mounts, threads];
