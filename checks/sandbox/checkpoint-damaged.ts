import { defineCheck, isOldFile } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'sandbox/checkpoint-damaged',
    title: "cri-dockerd's checkpoints can be read",
    failureTitle: "Checkpoints of cri-dockerd's are damaged",
    why: 'A crash or a full disk leaves an empty or cut checkpoint. Once the container of such a sandbox is gone cri-dockerd has nothing else to take its network down by: it complains at every listing, and the pod stays Terminating.',
    proof:
      "A file of a sandbox in cri-dockerd's folder of checkpoints, older than --min-age, that is empty or no JSON.",
    neverReports: [
      'a file that is being written',
      'files that are not named as sandboxes',
      'a node without cri-dockerd',
    ],
    severity: 'warning',
    tags: ['sandbox'],
    needs: ['criDockerd', 'sandboxes', 'host'],
    messages: {
      blocks:
        'a sandbox of cri-dockerd cannot be stopped: its checkpoint {{path}} is {{state}}, and Docker does not have it any more',
      mayBlock:
        'the checkpoint {{path}} of {{pod}} is {{state}}: once its container is gone the pod cannot be stopped',
    },
    references: ['https://github.com/kubernetes/kubernetes/issues/43021'],
  },
  run({ criDockerd, sandboxes, host }, { minAgeMs }) {
    const listed = new Map(sandboxes.map((one) => [one.id, one]));
    const inDocker = new Set(criDockerd.docker?.map(({ id }) => id));
    return criDockerd.checkpoints
      .filter(({ state, mtime }) => state !== 'whole' && isOldFile(host, mtime, minAgeMs))
      .map(({ path, sandboxId, state }) => {
        const sandbox = listed.get(sandboxId);
        const pod = sandbox ? `${sandbox.namespace}/${sandbox.name}` : sandboxId.slice(0, 13);
        const isKnown = sandbox !== undefined || inDocker.has(sandboxId);
        return {
          messageId: isKnown ? 'mayBlock' : 'blocks',
          subject: { kind: 'file' as const, id: path, name: pod },
          data: { path, pod, sandbox: sandboxId, state: state === 'empty' ? 'empty' : 'no JSON' },
          evidence: [
            { fact: 'criDockerd' as const, at: path, value: state },
            {
              fact: 'sandboxes' as const,
              at: `sandbox ${sandboxId.slice(0, 13)}`,
              value: sandbox ? sandbox.state : 'not listed',
            },
          ],
          advice: [
            {
              title: 'Remove the file: cri-dockerd can do without',
              risk: 'safe' as const,
              commands: [['rm', path]],
            },
          ],
        };
      });
  },
});
