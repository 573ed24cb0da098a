import {
  compareVersions,
  completeValue,
  defineCheck,
  type Finding,
  findImage,
  fullReference,
  type Image,
  type KubeletConfigFact,
  kubeadmPause,
  pauseTagOf,
  sandboxImageUse,
} from '../../src/api.ts';

const FLAG = 'pod-infra-container-image';
const KUBEADM_FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
/** From here on kubelet asks the runtime which images are pinned, and the flag does nothing. */
const INERT_SINCE = '1.29.0';
/** From here on the flag is kubelet/removed-pause-flag. */
const REMOVED_IN = '1.35.0';

export default defineCheck({
  meta: {
    id: 'kubelet/stale-pause-flag',
    title: "kubelet's flag for the pause image names the one in use",
    failureTitle: "kubelet's flag for the pause image names another one",
    why: 'Before 1.29 kubelet keeps the image that this flag names from its collection, and no other: the one that the runtime makes sandboxes from goes when the disk is full, and then no new pod starts.',
    proof:
      "The flag on kubelet's command line and in the file that kubeadm wrote it to is compared with the image that the runtime uses, by id where both are here, and with what kubeadm of that version wants.",
    neverReports: [
      'another name of the image in use: ids are compared',
      'as a warning, the flag of a kubelet before 1.29 while the image in use is pinned',
      'the flag of kubelet 1.29 to 1.34 as anything but out of date: there it does nothing',
    ],
    severity: 'warning',
    tags: ['kubelet', 'config', 'image'],
    needs: ['kubeletConfig'],
    wants: ['kubelet', 'runtime', 'runtimeConfig', 'images', 'pauseVersions'],
    messages: {
      protectsOther:
        'kubelet {{version}} keeps {{value}} from its collection, but {{runtime}} makes sandboxes from {{reference}}, which may be deleted on a full disk',
      stale:
        '{{file}} names pause {{tag}} for kubelet, while kubeadm of Kubernetes {{version}} wants {{wanted}}: it was written for an older one',
    },
    references: [
      'https://github.com/replicatedhq/kURL/issues/4077',
      'https://github.com/Netcracker/KubeMarine/issues/475',
    ],
  },
  run({ kubeletConfig: { pauseFlags }, kubelet: outcome, runtime, runtimeConfig, images, pauseVersions }) {
    const kubelet = completeValue(outcome);
    const { version = null, flags = {} } = kubelet ?? {};
    if (version === null || compareVersions(version, REMOVED_IN) >= 0) return [];
    const config = completeValue(runtimeConfig);
    const inForce = config && sandboxImageUse(completeValue(runtime), config).inForce;
    const other =
      inForce && compareVersions(version, INERT_SINCE) < 0
        ? protectsOther(version, flags[FLAG], config.runtime, inForce, completeValue(images))
        : [];
    const wanted = kubeadmPause(version, completeValue(pauseVersions));
    const told = other[0]?.data.value;
    const old = pauseFlags.filter(({ file, value }) => file === KUBEADM_FLAGS && value !== told);
    return [...other, ...old.flatMap((flag) => stale(version, wanted, flag))];
  },
});

function protectsOther(
  version: string,
  value: string | undefined,
  runtime: string,
  { reference, at }: { reference: string; at: string },
  images: Image[] | undefined,
): Finding[] {
  if (value === undefined || fullReference(value) === fullReference(reference)) return [];
  const used = images && findImage(images, reference);
  if (used && findImage(images, value)?.id === used.id) return [];
  return [
    {
      messageId: 'protectsOther',
      severity: used?.pinned ? 'info' : 'warning',
      subject: { kind: 'image', id: reference },
      data: { version, value, runtime, reference },
      evidence: [
        { fact: 'kubelet', at: `--${FLAG}`, value },
        { fact: 'runtimeConfig', at, value: reference },
        ...(used ? [{ fact: 'images' as const, at: reference, value: `pinned = ${used.pinned}` }] : []),
      ],
      advice: [
        {
          title: `Name ${reference} where kubelet gets the flag (kubeadm: ${KUBEADM_FLAGS}), then restart kubelet`,
          risk: 'disruptive',
          commands: [['systemctl', 'restart', 'kubelet.service']],
        },
      ],
    },
  ];
}

function stale(
  version: string,
  wanted: string | null,
  { file, line, value }: KubeletConfigFact['pauseFlags'][number],
): Finding[] {
  const tag = pauseTagOf(value);
  if (tag === null || wanted === null || tag === wanted) return [];
  return [
    {
      messageId: 'stale',
      severity: 'info',
      subject: { kind: 'file', id: file },
      data: { file, tag, version, wanted },
      evidence: [{ fact: 'kubeletConfig', at: `${file}:${line}`, value: `--${FLAG}=${value}` }],
    },
  ];
}
