import { completeValue, defineCheck, optionOf, type RuntimeLog, servingLog } from '../../src/api.ts';

const OPTIONS = {
  failures: {
    default: 3,
    min: 1,
    max: 1000,
    describe: "How many failures in a row are a fault: one is an accident, two may be one pod's",
  },
  withinMinutes: {
    default: 15,
    min: 1,
    max: 1440,
    describe: 'How long ago the latest of them may be',
  },
} as const;

const WORDS: Readonly<Record<string, string>> = {
  image: 'the sandbox image',
  network: 'the network of pods',
  name: 'names that are reserved',
  start: 'the start of pause',
  deadline: 'calls that took too long',
};

export default defineCheck({
  meta: {
    id: 'runtime/sandboxes-fail',
    title: 'A runtime that is ready makes sandboxes',
    failureTitle: 'The runtime says that it is ready, and makes no sandboxes',
    why: 'The node stays Ready: a runtime is ready once it has loaded a network configuration, whatever comes of it. So the scheduler goes on sending pods here, and each of them hangs in ContainerCreating.',
    proof:
      "The last attempts in the runtime's own log: all failed, none succeeded after them, and the latest was less than a quarter of an hour ago, while every condition of the runtime is true.",
    neverReports: [
      'failures with a success after them',
      'fewer than three failures in a row, and failures of long ago',
      'a runtime that says itself that it is not ready (runtime/not-ready)',
    ],
    severity: 'error',
    tags: ['runtime'],
    needs: ['runtime', 'host'],
    wants: ['runtimeLog', 'runtimeConfig', 'daemons'],
    options: OPTIONS,
    messages: {
      failing:
        'New pods cannot start although the node is Ready: the last {{count}} sandboxes could not be made, mostly for {{reason}}',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/102763',
      'https://github.com/Azure/azure-container-networking/issues/322',
    ],
  },
  run({ runtime, host, runtimeLog, runtimeConfig, daemons }, settings) {
    if (runtime.conditions.some(({ status }) => !status)) return [];
    const log = servingLog(runtime, completeValue(runtimeConfig), {
      logs: completeValue(runtimeLog),
      daemons: completeValue(daemons),
      host,
    });
    const failures = failuresIn(log);
    const count = failures.reduce((sum, one) => sum + one.count, 0);
    const last = Math.max(...failures.map((one) => one.last ?? 0));
    const [most] = failures.sort((a, b) => b.count - a.count);
    const recentMs = optionOf(settings, OPTIONS, 'withinMinutes') * 60_000;
    const isFew = count < optionOf(settings, OPTIONS, 'failures');
    if (!log || !most || isFew || host.now - last > recentMs) return [];
    return [
      {
        messageId: 'failing',
        subject: { kind: 'runtime', id: runtime.endpoint },
        data: {
          count,
          reason: WORDS[most.fields.reason ?? ''] ?? 'another reason',
          ...(most.fields.reason === 'network' && { condition: 'NetworkReady' }),
        },
        evidence: [
          ...failures.map(({ fields, count: times }) => ({
            fact: 'runtimeLog' as const,
            at: log.source,
            value: `${times} failed: ${WORDS[fields.reason ?? ''] ?? 'another reason'}`,
          })),
          { fact: 'runtime', at: runtime.endpoint, value: 'RuntimeReady and NetworkReady are true' },
        ],
        advice: [
          {
            title: 'Make one sandbox and see which step fails',
            risk: 'safe',
            commands: [['podctl', 'doctor', '--active', '-r', `unix://${runtime.endpoint}`]],
          },
        ],
      },
    ];
  },
});

/** Since the last sandbox that could be made. */
function failuresIn(log: RuntimeLog | undefined) {
  return (log?.events ?? []).filter(({ kind }) => kind === 'sandbox-failed');
}
