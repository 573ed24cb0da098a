import { compareVersions, completeValue, defineCheck, type KubeletConfigFact } from '../../src/api.ts';

const FLAG = '--pod-infra-container-image';
/** kubeadm takes the flag out of this file when it upgrades. */
const KUBEADM_FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
const REMOVED_IN = '1.35.0';

export default defineCheck({
  meta: {
    id: 'kubelet/removed-pause-flag',
    title: 'kubelet is given no flag that it does not know any more',
    failureTitle: 'kubelet is given a flag that it does not know any more',
    why: 'kubelet 1.35 took --pod-infra-container-image away and ends at once with "unknown flag" where a unit or an environment file still has it. Running pods stay, and nobody looks after them.',
    proof:
      "The flag is looked for in kubelet's unit with its drop-ins and in the files of its environment; the version is told by the program that runs, or without one by the program that is installed.",
    neverReports: [
      'a file that a kubelet of 1.35 or later was started beside: it does not read it',
      "the flag in kubeadm's own file before 1.35: kubeadm takes it out when it upgrades",
      'a line that is commented out, and a unit that another one hides',
    ],
    severity: 'error',
    tags: ['kubelet', 'config'],
    needs: ['kubeletConfig'],
    wants: ['kubelet'],
    messages: {
      removed:
        'kubelet {{version}} does not start: it does not know --pod-infra-container-image, which {{file}} gives it',
      removedAtStart:
        'kubelet {{version}} will not start again: it does not know --pod-infra-container-image, which {{file}} gives it since',
      removedSoon:
        'kubelet 1.35 and later will not start with --pod-infra-container-image in {{file}}, where no upgrade takes it out',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/133779',
      'https://github.com/kubernetes-sigs/kubespray/issues/13125',
    ],
  },
  run({ kubeletConfig: { pauseFlags, installedVersion }, kubelet: outcome }) {
    if (pauseFlags.length === 0) return [];
    const kubelet = completeValue(outcome);
    const version = kubelet?.version ?? installedVersion;
    if (version === null) return { findings: [], problems: [], skipped: "kubelet's version is not known" };
    if (compareVersions(version, REMOVED_IN) < 0)
      return pauseFlags
        .filter(({ file }) => file !== KUBEADM_FLAGS)
        .map((flag) => finding('removedSoon', 'info', version, flag));
    if (kubelet === undefined) return pauseFlags.map((flag) => finding('removed', 'error', version, flag));
    return pauseFlags
      .filter(({ mtime }) => mtime > kubelet.startedAt)
      .map((flag) => finding('removedAtStart', 'warning', version, flag));
  },
});

function finding(
  messageId: 'removed' | 'removedAtStart' | 'removedSoon',
  severity: 'error' | 'warning' | 'info',
  version: string,
  { file, line, value }: KubeletConfigFact['pauseFlags'][number],
) {
  return {
    messageId,
    severity,
    subject: { kind: 'file' as const, id: file },
    data: { version, file },
    evidence: [{ fact: 'kubeletConfig' as const, at: `${file}:${line}`, value: `${FLAG}=${value}` }],
    advice: [
      {
        title: `Take the flag out of ${file} (the runtime pins its own image), then start kubelet`,
        risk: 'disruptive' as const,
        commands: [
          ['systemctl', 'daemon-reload'],
          ['systemctl', 'restart', 'kubelet.service'],
        ],
      },
    ],
  };
}
