import { compareVersions, defineCheck, problem } from '../../src/api.ts';

/** From here on kubelet takes the driver from the runtime, where that tells it. */
const ASKS_SINCE = '1.31.0';

export default defineCheck({
  meta: {
    id: 'cgroup/image-driver-mismatch',
    title: 'kubelet and the runtime of a node image are set up for the same cgroups',
    failureTitle: 'kubelet and the runtime of a node image are set up for different cgroups',
    why: "kubelet hands the runtime the name of the pod's cgroup in the form of its own driver. On every node that is made from the image no pod starts, or the limits of pods do not hold.",
    proof:
      "cgroupDriver of the image's kubelet configuration or units against the default handler of containerd's files, or cgroup_manager of CRI-O's, with the versions of both programs.",
    neverReports: [
      'an image in which nobody tells kubelet its driver: whoever makes the node does',
      'a kubelet from 1.31 on with containerd 2 or CRI-O: it asks the runtime',
      'files of the runtime that do not speak with one voice',
      'a running node (cgroup/driver-mismatch)',
    ],
    severity: 'error',
    tags: ['cgroup', 'config', 'kubelet'],
    needs: ['nodeImage', 'runtimeConfig', 'kubeletConfig'],
    messages: {
      noPods:
        'No pod starts on this image: kubelet names their cgroups for the cgroupfs driver ({{kubeletAt}}), {{runtime}} expects those of systemd',
      noLimits:
        'Limits of pods do not hold on this image: kubelet names their cgroups for systemd ({{kubeletAt}}), {{runtime}} makes them with the cgroupfs driver',
    },
    references: [
      'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/configure-cgroup-driver/',
      'https://github.com/containerd/containerd/issues/7319',
    ],
  },
  run({ nodeImage: { programs }, runtimeConfig: { runtime, cgroupDriver }, kubeletConfig }) {
    const stated = kubeletConfig.cgroupDriver;
    if (!cgroupDriver || stated === null || stated.value === cgroupDriver.value) return [];
    const versionOf = (name: string) => programs.find((program) => program.name === name)?.version ?? null;
    const [own, kubelet] = [versionOf(runtime), versionOf('kubelet')];
    const answers = runtime === 'crio' || own === null || compareVersions(own, '2.0.0') >= 0;
    if (answers && kubelet === null) {
      const why = "kubelet's version is not known: it may take the cgroup driver from the runtime";
      return { findings: [], problems: [problem('unavailable', why)] };
    }
    if (answers && kubelet !== null && compareVersions(kubelet, ASKS_SINCE) >= 0) return [];
    const noPods = cgroupDriver.value === 'systemd';
    return [
      {
        messageId: noPods ? 'noPods' : 'noLimits',
        severity: noPods ? 'error' : 'warning',
        subject: { kind: 'runtime', id: runtime },
        data: { runtime, kubeletAt: stated.at },
        evidence: [
          { fact: 'kubeletConfig', at: stated.at, value: `cgroupDriver: ${stated.value}` },
          { fact: 'runtimeConfig', at: cgroupDriver.at, value: `driver ${cgroupDriver.value}` },
        ],
        advice: [
          {
            title:
              'Give both the same driver (systemd, where systemd starts the node): first see what is set',
            risk: 'safe',
            commands: [runtime === 'containerd' ? ['containerd', 'config', 'dump'] : ['crio', 'config']],
          },
        ],
      },
    ];
  },
});
