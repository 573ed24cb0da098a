import { completeValue, defineCheck, type Finding } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'runtime/storage-wiped',
    title: "CRI-O's storage survives its next start",
    failureTitle: 'CRI-O deletes what is in its storage',
    why: 'After a power cut CRI-O cannot tell whether its storage is whole, and deletes all images and containers, the image of sandboxes among them. Where no registry can be reached, no pod starts then.',
    proof:
      'CRI-O does not run, its file in /run is gone (the node was rebooted), and of the two files that a clean end leaves one is missing: that it ended cleanly. Or its log says that it deleted the storage.',
    neverReports: [
      'a CRI-O that runs: it takes the file away at its start, and writes it at its end',
      'a CRI-O that was killed without a reboot: it keeps its storage then',
      'a CRI-O with clean_shutdown_file = "", and one that has never run',
    ],
    severity: 'warning',
    tags: ['runtime', 'image'],
    needs: ['crioStorage', 'daemons'],
    wants: ['runtimeLog', 'images'],
    messages: {
      willBe:
        'The next start of CRI-O may delete all images and containers in {{root}}: the node went down before CRI-O had ended',
      was: 'CRI-O deleted all images and containers in {{root}} at its start: it had not ended cleanly before',
    },
    explains: [{ check: 'image/sandbox-image-missing' }],
    references: [
      'https://github.com/cri-o/cri-o/issues/3999',
      'https://github.com/cri-o/cri-o/issues/4691',
      'https://github.com/openshift/microshift/issues/3777',
    ],
  },
  run({ crioStorage: { root, shutdown, sandboxes }, daemons, runtimeLog, images }): Finding[] {
    const { versionFile, clean } = shutdown;
    const crio = daemons.find(({ kind }) => kind === 'crio');
    if (crio !== undefined) {
      const log = completeValue(runtimeLog)?.find(({ pid }) => pid === crio.pid);
      const said = log?.events.find(({ kind }) => kind === 'storage-wiped');
      if (!log || !said) return [];
      const isEmpty = completeValue(images)?.length === 0;
      return [
        {
          messageId: 'was',
          severity: isEmpty ? 'warning' : 'info',
          subject: { kind: 'file', id: root },
          data: { root },
          evidence: [{ fact: 'runtimeLog', at: log.source, value: `deleted ${said.fields.path ?? root}` }],
        },
      ];
    }
    if (versionFile.isThere || clean === null || clean.isThere || !clean.supported) return [];
    return [
      {
        messageId: 'willBe',
        subject: { kind: 'file', id: root },
        data: { root, sandboxes: sandboxes.length },
        evidence: [
          { fact: 'crioStorage', at: versionFile.path, value: 'gone: no CRI-O has run since the reboot' },
          {
            fact: 'crioStorage',
            at: clean.path,
            value: `missing, although ${clean.path}.supported is there`,
          },
        ],
        advice: [
          {
            title: 'Where no registry can be reached: have the sandbox image at hand before CRI-O starts',
            risk: 'safe',
            commands: [['podctl', 'pause', 'image', '-o', 'pause.tar']],
          },
        ],
      },
    ];
  },
});
