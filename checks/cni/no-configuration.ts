import {
  type CniConfFact,
  defineCheck,
  type Finding,
  type HostFact,
  isOldFile,
  networkFault,
  type RuntimeFact,
  winningConf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/no-configuration',
    title: 'The runtime has a network configuration',
    failureTitle: 'The runtime has no network configuration',
    why: "Without one no pod gets a network, and none that has one can be taken down. It is written by the network's agent, whose pods need no pod network themselves.",
    proof:
      'The runtime says that its network is not ready, and the folder that it looks in holds no configuration; or it holds a sound one, older than --min-age, and the runtime still says that it found none.',
    neverReports: [
      'a node in its first minutes: the agent has yet to write the file (info)',
      'files that the runtime found and cannot use (cni/configuration-broken)',
      'a node whose network is ready',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniConf', 'runtime', 'host'],
    messages: {
      none: '{{folder}} holds no network configuration: pods get no network',
      elsewhere: '{{folder}}, where {{runtime}} looks, holds no network configuration, but {{path}} is one',
      notLoaded: '{{path}} is a sound network configuration, but {{runtime}} says that it found none',
      starting: '{{folder}} holds no network configuration yet; the node was started {{minutes}} min ago',
    },
    explains: [
      { check: 'runtime/not-ready', same: 'condition' },
      { check: 'sandbox/network-kept', same: 'condition' },
      { check: 'canary/*', same: 'condition' },
    ],
    references: [
      'https://github.com/kubernetes/kubernetes/issues/54918',
      'https://github.com/cri-o/cri-o/issues/4276',
    ],
  },
  run({ cniConf, runtime, host }, { minAgeMs }) {
    const said = networkFault(runtime);
    if (said === null) return [];
    if (cniConf.files.length === 0) return [missing(cniConf, runtime, host, said)];
    const winner = winningConf(cniConf);
    const isSound = winner?.problem === '' && isOldFile(host, winner.mtime ?? host.now, minAgeMs);
    if (!isSound || ![said, ...runtime.cniLoadErrors].some((text) => FOUND_NONE.test(text))) return [];
    return [
      {
        ...finding('notLoaded', runtime, said, winner.path),
        data: { condition: CONDITION, runtime: runtime.name, path: winner.path, folder: cniConf.folder },
        advice: [
          {
            title: 'Restart the runtime: it watches a folder that was replaced. Pods go on',
            risk: 'disruptive',
            commands: [['systemctl', 'restart', runtime.name === 'cri-o' ? 'crio' : runtime.name]],
          },
        ],
      },
    ];
  },
});

const CONDITION = 'NetworkReady';
const FOUND_NONE = /no network config found|no networks found|no CNI configuration file/i;
const FIRST_MINUTES = 180;

function missing(
  { folder, elsewhere = [] }: CniConfFact,
  runtime: RuntimeFact,
  host: HostFact,
  said: string,
): Finding {
  const [path = ''] = elsewhere;
  const isYoung = host.uptime < FIRST_MINUTES;
  const messageId = path !== '' ? 'elsewhere' : isYoung ? 'starting' : 'none';
  const minutes = Math.floor(host.uptime / 60);
  return {
    ...finding(messageId, runtime, said, folder),
    ...(messageId === 'starting' ? { severity: 'info' as const } : {}),
    data: { condition: CONDITION, runtime: runtime.name, folder, path, minutes },
    advice: [
      path === ''
        ? {
            title: "See whether the network's agent runs: it writes the file",
            risk: 'safe',
            commands: [
              ['crictl', 'ps', '-a'],
              ['ls', '-l', folder],
            ],
          }
        : {
            title: 'See which folder is meant, then name it in the configuration of the runtime',
            risk: 'safe',
            commands: [['ls', '-l', folder, path]],
          },
    ],
  };
}

function finding(
  messageId: string,
  { endpoint, cniLoadErrors }: RuntimeFact,
  said: string,
  at: string,
): Omit<Finding, 'data'> {
  return {
    messageId,
    subject: { kind: 'file', id: at },
    evidence: [
      { fact: 'cniConf', at, value: messageId === 'notLoaded' ? 'sound' : 'no configuration' },
      { fact: 'runtime', at: `${endpoint}, ${CONDITION}`, value: said },
      ...cniLoadErrors.map((value) => ({ fact: 'runtime' as const, at: 'last load', value })),
    ],
  };
}
