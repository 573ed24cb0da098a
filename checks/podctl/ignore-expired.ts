import { defineCheck } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'podctl/ignore-expired',
    title: 'Findings that are ignored are ignored for as long as was agreed',
    failureTitle: 'Findings are told again that were ignored until a day that is past',
    why: 'Somebody accepted a fault for some time, and the time is over: either it was mended, and the line can go, or nobody came back to it.',
    proof:
      'The day after `until` of an ignore in the configuration of podctl, against the clock of the node, in UTC.',
    neverReports: [
      'the day named by `until` itself, on which the ignore still holds',
      'ignores without a day',
    ],
    severity: 'warning',
    tags: ['podctl'],
    needs: ['ownConfig', 'host'],
    messages: {
      expired:
        'findings of {{check}} about {{subject}} are not ignored any more: that was to end on {{until}} ({{reason}})',
    },
    references: [],
  },
  run({ ownConfig, host }) {
    const today = new Date(host.now).toISOString().slice(0, 'YYYY-MM-DD'.length);
    return ownConfig.ignores
      .filter(({ until }) => until !== '' && until < today)
      .map(({ check, subject, reason, until, file, line }) => ({
        messageId: 'expired',
        subject: { kind: 'file', id: `${file}:${line}`, name: `${file}:${line}` },
        data: { check, subject, reason, until, path: file },
        evidence: [{ fact: 'ownConfig', at: `${file}:${line}`, value: `until: ${until}` }],
        advice: [
          {
            title: 'Take the line out, or name another day',
            risk: 'safe',
            commands: [['sed', '-n', `${line},+3p`, file]],
          },
        ],
      }));
  },
});
