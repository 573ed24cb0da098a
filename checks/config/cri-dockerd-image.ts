import {
  completeValue,
  defineCheck,
  type Evidence,
  type Finding,
  findImage,
  kubeadmPause,
  pauseTagOf,
} from '../../src/api.ts';

const FLAG = '--pod-infra-container-image';
const UNIT = 'cri-docker.service';

export default defineCheck({
  meta: {
    id: 'config/cri-dockerd-image',
    title: 'cri-dockerd makes sandboxes from an image that is here',
    failureTitle: "cri-dockerd's sandbox image is missing, or another one than kubeadm's",
    why: 'cri-dockerd has no configuration file: its sandbox image is a flag in its unit, else what was built into it, and neither follows an upgrade of Kubernetes. kubeadm fetches one image, and cri-dockerd wants another from a registry that may not be reachable.',
    proof:
      "The flag of the running cri-dockerd, else the image of the newest sandbox that Docker has for it, against the list of images and against what kubeadm of kubelet's version wants.",
    neverReports: [
      'an older pause that is here, as more than information: it works',
      'a cri-dockerd without the flag that has made no sandbox yet: its built-in image is not known',
      'images that are no pause of Kubernetes by name, against kubeadm',
    ],
    severity: 'warning',
    tags: ['config', 'image'],
    needs: ['criDockerd', 'images'],
    wants: ['kubelet', 'pauseVersions'],
    messages: {
      missing:
        'New pods may not start: cri-dockerd makes sandboxes from {{reference}}, which is not on this node',
      lag: 'cri-dockerd makes sandboxes from {{reference}}, while kubeadm of Kubernetes {{version}} wants pause {{wanted}}',
    },
    references: [
      'https://github.com/Mirantis/cri-dockerd/issues/230',
      'https://github.com/Mirantis/cri-dockerd/issues/427',
    ],
  },
  run({ criDockerd, images, kubelet, pauseVersions }): Finding[] {
    const newest = [...(criDockerd.docker ?? [])].sort((a, b) => b.createdAt - a.createdAt)[0];
    const reference = criDockerd.image ?? newest?.image ?? '';
    if (reference === '') return [];
    const from: Evidence =
      criDockerd.image === null
        ? { fact: 'criDockerd', at: newest?.name ?? '', value: reference }
        : { fact: 'criDockerd', at: `/proc/${criDockerd.pid}/cmdline`, value: `${FLAG}=${reference}` };
    const isHere = findImage(images, reference) !== undefined;
    const version = completeValue(kubelet)?.version ?? null;
    const wanted = version === null ? null : kubeadmPause(version, completeValue(pauseVersions));
    const tag = pauseTagOf(reference);
    const lags = wanted !== null && tag !== null && tag !== wanted;
    const subject = { kind: 'image' as const, id: reference };
    const advice = [
      {
        title: `Name another image with ${FLAG} in a drop-in of ${UNIT}, then`,
        risk: 'disruptive' as const,
        commands: [
          ['systemctl', 'daemon-reload'],
          ['systemctl', 'restart', UNIT],
        ],
      },
    ];
    if (!isHere)
      return [
        {
          messageId: 'missing',
          subject,
          data: { reference },
          evidence: [
            from,
            { fact: 'images', at: 'image list', value: `${images.length} images, not this one` },
          ],
          advice: [{ title: 'Fetch it', risk: 'safe', commands: [['docker', 'pull', reference]] }, ...advice],
        },
      ];
    if (!lags) return [];
    return [
      {
        messageId: 'lag',
        severity: 'info',
        subject,
        data: { reference, version: version ?? '', wanted },
        evidence: [from, { fact: 'kubelet', at: 'kubelet --version', value: version ?? '' }],
        advice,
      },
    ];
  },
});
