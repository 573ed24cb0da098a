import { completeValue, dated, defineCheck, initProcesses } from '../../src/api.ts';

/** The clock may have been set a little since boot, and with it the time of boot. */
const SLACK_MS = 60_000;
const MOST_SHOWN = 5;

export default defineCheck({
  meta: {
    id: 'sandbox/before-boot',
    title: 'No sandbox is from before the boot',
    failureTitle: 'Sandboxes are from before the boot',
    why: 'Harmless: a reboot ends all sandboxes, and the runtime keeps their records until kubelet has made the pods anew and collects the old ones. Their addresses stay reserved until then, and are freed although their network namespaces are gone.',
    proof:
      'The runtime lists them as not ready, they were made before the node booted, and no process is left of them.',
    neverReports: ['sandboxes whose time is lost', 'sandboxes with a process: their clock was wrong'],
    severity: 'info',
    tags: ['sandbox'],
    needs: ['sandboxes', 'host', 'processes'],
    wants: ['bundles'],
    messages: {
      rebooted:
        '{{count}} sandboxes are from before the boot ({{boot}}): kubelet replaces them, and frees their addresses as it removes them',
    },
    references: ['https://github.com/containernetworking/plugins/issues/697'],
  },
  run({ sandboxes, host, processes, bundles }) {
    const inits = initProcesses(processes, completeValue(bundles));
    const old = dated(sandboxes).filter(
      (s) => s.state === 'notready' && s.createdAt < host.bootTime - SLACK_MS && !inits.has(s.id),
    );
    if (old.length === 0) return [];
    const boot = new Date(host.bootTime).toISOString().replace(/\.\d+Z$/, 'Z');
    return [
      {
        messageId: 'rebooted',
        subject: { kind: 'node', id: host.hostname },
        data: { count: old.length, boot },
        evidence: [
          { fact: 'host', at: '/proc/stat btime', value: boot },
          ...old.slice(0, MOST_SHOWN).map(({ id, createdAt }) => ({
            fact: 'sandboxes' as const,
            at: `sandbox ${id.slice(0, 13)}`,
            value: `NOTREADY, made ${new Date(createdAt).toISOString()}`,
          })),
        ],
      },
    ];
  },
});
