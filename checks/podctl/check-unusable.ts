import { defineCheck } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'podctl/check-unusable',
    title: 'Every check that others wrote for this node can be used',
    failureTitle: 'Checks that others wrote for this node are not used',
    why: 'What such a check would find is not found, and a report without it looks healthier than the node is. Checks run with the rights of podctl, so that a file that others can write would give those rights away.',
    proof:
      'The files of /etc/podctl/checks.d, of --checks, and of the folders and packages in the configuration, each with its owner, its mode, and those of every folder and link on the way; then what it declares.',
    neverReports: ['files of other names in these folders', 'a check that runs, and cannot judge'],
    severity: 'error',
    tags: ['podctl'],
    needs: ['ownConfig'],
    messages: { untrusted: '{{fault}}', misnamed: '{{fault}}', broken: '{{fault}}' },
    references: [],
  },
  run({ ownConfig }) {
    return ownConfig.checkFiles
      .filter(({ fault }) => fault !== '')
      .map(({ file, fault, cure, kind = 'broken' }) => ({
        messageId: kind,
        ...(kind === 'misnamed' && { severity: 'warning' as const }),
        subject: { kind: 'file', id: file, name: file },
        data: { fault, path: file },
        evidence: [{ fact: 'ownConfig', at: file }],
        advice:
          cure.length === 0
            ? [{ title: 'Correct the file, then try it', risk: 'safe' as const, commands: [trying(file)] }]
            : [{ title: 'Mend it', risk: 'safe' as const, commands: [cure] }],
      }));
  },
});

function trying(file: string): string[] {
  return ['podctl', 'doctor', 'podctl/check-unusable', '--checks', file];
}
