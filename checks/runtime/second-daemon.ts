import { completeValue, defineCheck } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'runtime/second-daemon',
    title: 'One containerd has its database',
    failureTitle: 'A second containerd waits for the database of the first',
    why: 'It neither serves nor ends, for ever. The pid file and the service manager name the wrong process, its configuration is in force nowhere, and a restart that "did not help" restarted this one.',
    proof:
      'Two containerds have the same meta.db open, and /proc/locks shows which of them holds it. A log that waits for boltdb confirms it.',
    neverReports: ['several containerds with a root of their own each, as Docker brings one'],
    severity: 'warning',
    tags: ['runtime'],
    needs: ['stalls'],
    wants: ['runtimeLog'],
    messages: {
      waits:
        'containerd {{pid}} waits for {{path}}, which containerd {{holder}} holds: it serves nobody and never will',
    },
    identity: ['path'],
    references: ['https://github.com/containerd/containerd/issues/8139'],
  },
  run({ stalls, runtimeLog }) {
    return stalls.databases.flatMap(({ path, holder, waiting }) =>
      holder === null
        ? []
        : waiting.map((pid) => {
            const log = (completeValue(runtimeLog) ?? []).find((one) => one.pid === pid);
            const said = log?.events.some(({ kind }) => kind === 'database-locked');
            return {
              messageId: 'waits',
              subject: { kind: 'process', id: String(pid), name: 'containerd' },
              data: { pid, holder, path },
              evidence: [
                { fact: 'stalls', at: '/proc/locks', value: `FLOCK WRITE ${holder}` },
                { fact: 'stalls', at: `/proc/${pid}/fd`, value: path },
                ...(log && said
                  ? [
                      {
                        fact: 'runtimeLog' as const,
                        at: log.source,
                        value: 'waiting for response from boltdb open',
                      },
                    ]
                  : []),
              ],
              advice: [{ title: 'End the one that waits', risk: 'safe', commands: [['kill', String(pid)]] }],
            };
          }),
    );
  },
});
