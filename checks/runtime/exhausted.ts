import {
  type Advice,
  completeValue,
  defineCheck,
  type EndpointsFact,
  NEARLY_PERCENT,
  optionOf,
  podctlGc,
  type Shortage,
  servingDaemon,
  shortages,
} from '../../src/api.ts';

const OPTIONS = {
  nearlyPercent: {
    default: NEARLY_PERCENT,
    min: 50,
    max: 100,
    describe: 'How much, in percent, is in use when something has nearly run out',
  },
} as const;

export default defineCheck({
  meta: {
    id: 'runtime/exhausted',
    title: 'The runtime has room for more: space, inodes, processes, open files',
    failureTitle: 'Something that every new sandbox needs has run out',
    why: 'A sandbox takes some files and a dozen threads. Without them its start fails half way ("no space left on device", "resource temporarily unavailable", "too many open files"), and so does the tidying up after it: addresses and shims then leak.',
    proof:
      'statfs of the folders of the runtime and of CNI; pids.current against pids.max around the runtime and of all pods; threads of the node against kernel.pid_max and threads-max; open files of the daemon against its limit.',
    neverReports: [
      'a large file system that is nearly full but has gigabytes left: kubelet collects images there',
      'file systems that make inodes as they are needed',
      "a pod's own limit of processes, which protects the node",
      'daemons other than the one that serves the endpoint',
    ],
    severity: 'warning',
    tags: ['runtime'],
    needs: ['limits', 'endpoints'],
    wants: ['daemons', 'runtimeConfig', 'host'],
    options: OPTIONS,
    messages: {
      diskFull: '{{mountPoint}} is full: {{left}} left, {{used}} % used; {{path}} is on it ({{what}})',
      inodesFull:
        '{{mountPoint}} has no room for more files, whatever its free space: {{left}} inodes left, {{used}} % used; {{path}} is on it ({{what}})',
      readOnly: '{{mountPoint}} is mounted read-only; {{path}} is on it ({{what}})',
      pids: '{{holder}} may have {{max}} processes and threads and have {{count}} ({{path}})',
      threads: 'The node may have {{max}} threads ({{path}}) and has {{count}}',
      openFiles: 'The runtime (process {{pid}}) may have {{max}} open files and has {{count}}',
    },
    references: [
      'https://github.com/containerd/containerd/issues/12510',
      'https://github.com/kubernetes/kubernetes/issues/51977',
    ],
  },
  run({ limits, endpoints, daemons, runtimeConfig, host }, settings) {
    const serving = servingDaemon(
      endpoints.chosen?.path ?? '',
      completeValue(daemons),
      completeValue(runtimeConfig),
      completeValue(host),
    );
    const nearly = optionOf(settings, OPTIONS, 'nearlyPercent');
    return shortages(limits, serving?.pid ?? null, nearly).map((one) => ({
      messageId: one.messageId,
      severity: one.nothingLeft ? 'error' : 'warning',
      subject: { kind: one.messageId === 'threads' ? 'node' : 'runtime', id: one.at },
      data: one.data,
      evidence: [{ fact: 'limits', at: one.at, value: one.value }],
      advice: [adviceOn(one, endpoints)],
    }));
  },
});

function adviceOn({ messageId, data, at }: Shortage, endpoints: EndpointsFact): Advice {
  switch (messageId) {
    case 'diskFull':
      return { title: 'See what takes the space', risk: 'safe', commands: [['du', '-xh', '-d', '2', at]] };
    case 'inodesFull':
      return {
        title: 'See where the files are',
        risk: 'safe',
        commands: [['du', '--inodes', '-x', '-d', '3', at]],
      };
    case 'readOnly':
      return {
        title: 'See why: a file system that found itself damaged goes read-only by itself',
        risk: 'safe',
        commands: [
          ['dmesg', '--level=err,warn'],
          ['findmnt', at],
        ],
      };
    case 'openFiles':
      return {
        title: 'Raise the limit of the running daemon, and LimitNOFILE of its unit',
        risk: 'safe',
        commands: [['prlimit', '--pid', String(data.pid), `--nofile=${Number(data.max) * 2}:`]],
      };
    case 'threads':
      return {
        title: 'See who has so many, and raise the limit',
        risk: 'safe',
        commands: [
          ['ps', '-eo', 'nlwp,pid,args', '--sort=-nlwp'],
          ['sysctl', '-w', `${data.path}=${Number(data.max) * 2}`],
        ],
      };
    case 'pids':
      return {
        title: 'Remove shims that serve nobody, and see who else is in there',
        risk: 'safe',
        commands: [podctlGc(endpoints, 'shims'), ['systemd-cgls', String(data.path)]],
      };
  }
}
