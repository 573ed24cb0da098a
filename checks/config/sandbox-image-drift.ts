import {
  changedSinceStart,
  completeValue,
  defineCheck,
  type Evidence,
  type Finding,
  findImage,
  fullReference,
  type Image,
  type KubeletFact,
  kubeadmPause,
  type PauseVersionsFact,
  pauseTagOf,
  pauseTags,
  placeOf,
  type RuntimeConfigFact,
  type Sandbox,
  type StoreFact,
  sandboxImageUse,
  sandboxName,
  tagOf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'config/sandbox-image-drift',
    title: 'The configured sandbox image is the one in use',
    failureTitle: 'Another sandbox image is in use than the one configured',
    why: 'The configuration looks right, and yet the runtime asks for another image: in an air-gapped or mirrored network that is the one that cannot be pulled, and it shows only when the next pod starts.',
    proof:
      'What the main file says is compared with what the merged files make of it, with what the runtime reports, with the image ids of sandboxes made since its start, and with what kubeadm of this kubelet wants.',
    neverReports: [
      'sandboxes older than the last change or restart: they keep the image they were made from',
      'another name of the same image: ids are compared',
      'a name that was given to another image after the sandbox was made',
      'an empty sandboxImage in the status of containerd 2.x, which does not show it there',
      'a drop-in that replaces a generated default',
      'as a warning, another pause than kubeadm wants while the one in use is here',
      'a reference by digest, or of an image that has no tag of a pause',
    ],
    severity: 'warning',
    tags: ['config', 'image'],
    needs: ['runtimeConfig'],
    wants: ['runtime', 'images', 'store', 'sandboxes', 'kubelet', 'kubeletConfig', 'pauseVersions'],
    messages: {
      undone:
        '{{file}} says {{stated}}, but {{by}} undoes it without saying so: {{runtime}} uses {{used}} for sandboxes',
      overridden:
        '{{file}} says {{stated}}, but {{by}} says otherwise and wins: {{runtime}} uses {{used}} for sandboxes',
      otherInUse: '{{pod}} was made from {{actual}}, which is not the configured sandbox image {{reference}}',
      afterRestart: '{{runtime}} uses {{current}} for sandboxes; after its next restart it will use {{next}}',
      kubeadmWants:
        'kubeadm of Kubernetes {{version}} wants pause {{wanted}}; {{runtime}} uses {{reference}}',
    },
    explains: [{ check: 'image/sandbox-image-missing', same: 'reference' }],
    references: [
      'https://github.com/containerd/containerd/issues/12891',
      'https://github.com/containerd/containerd/issues/7982',
      'https://github.com/kubernetes/kubernetes/issues/115610',
    ],
  },
  run({ runtimeConfig, runtime, images, store, sandboxes, kubelet, kubeletConfig, pauseVersions }) {
    const { inForce, next } = sandboxImageUse(completeValue(runtime), runtimeConfig);
    const here = completeValue(images);
    return [
      ...undone(runtimeConfig),
      ...(inForce && next && next.value !== inForce.reference && changedSinceStart(runtimeConfig)
        ? [afterRestart(runtimeConfig, inForce, placeOf(next), next.value)]
        : []),
      ...(inForce && here
        ? otherInUse(runtimeConfig, inForce.reference, here, completeValue(store), completeValue(sandboxes))
        : []),
      ...(inForce && completeValue(kubeletConfig)?.isKubeadms !== false
        ? kubeadmWants(runtimeConfig, inForce, here, completeValue(kubelet), completeValue(pauseVersions))
        : []),
    ];
  },
});

/** A key that the main file states and another file undoes: silently, or by naming another image. */
function undone(config: RuntimeConfigFact): Finding[] {
  const { runtime, files, ignored, statedSandboxImage, sandboxImage } = config;
  const main = files[0]?.path;
  const lost = ignored.find((key) => key.reason !== 'wrong-version' && key.file === main);
  if (!lost || !statedSandboxImage || !sandboxImage || lost.value === sandboxImage.value) return [];
  const isExplicit = lost.reason === 'overridden';
  if (isExplicit && lost.value === config.defaultSandboxImage) return [];
  const by = isExplicit ? placeOf(sandboxImage) : (lost.by ?? 'another file');
  return [
    {
      messageId: isExplicit ? 'overridden' : 'undone',
      subject: { kind: 'file', id: lost.file },
      data: {
        file: lost.file,
        stated: lost.value,
        by,
        used: sandboxImage.value,
        reference: sandboxImage.value,
        runtime,
      },
      evidence: [
        { fact: 'runtimeConfig', at: placeOf(statedSandboxImage), value: `${lost.key} = "${lost.value}"` },
        { fact: 'runtimeConfig', at: isExplicit ? by : `${by} (${lost.reason})`, value: sandboxImage.value },
      ],
      advice: [
        {
          title: 'Say it in one file only, for the version that the files declare; then check',
          risk: 'safe',
          commands: [[runtime, 'config', ...(runtime === 'containerd' ? ['dump'] : [])]],
        },
      ],
    },
  ];
}

function afterRestart(
  { runtime }: RuntimeConfigFact,
  inForce: { reference: string; at: string },
  place: string,
  next: string,
): Finding {
  return {
    messageId: 'afterRestart',
    severity: 'info',
    subject: { kind: 'runtime', id: runtime },
    data: { runtime, current: inForce.reference, next },
    evidence: [
      { fact: 'runtime', at: inForce.at, value: inForce.reference },
      { fact: 'runtimeConfig', at: place, value: next },
    ],
  };
}

/** The youngest sandbox made since the configuration came into force, if it is of another image by id. */
function otherInUse(
  config: RuntimeConfigFact,
  reference: string,
  images: Image[],
  store: StoreFact | undefined,
  sandboxes: Sandbox[] | undefined,
): Finding[] {
  const since = config.daemonStartedAt;
  const wanted = findImage(images, reference)?.id;
  if (since === null || wanted === undefined || !store || !sandboxes) return [];
  const records = new Map(store.records.map((r) => [r.id, r]));
  const made = sandboxes
    .filter((s) => s.createdAt > since && s.runtimeHandler === '')
    .sort((a, b) => b.createdAt - a.createdAt)
    .map((sandbox) => {
      const record = records.get(sandbox.id);
      const image = record && findImage(images, record.imageId ?? record.image);
      return { sandbox, actual: record?.image ?? '', id: image?.id };
    });
  const odd = made[0];
  if (!odd || odd.id === undefined || odd.id === wanted) return [];
  // The name was given to another image since.
  if (fullReference(odd.actual) === fullReference(reference)) return [];
  const pod = sandboxName(odd.sandbox.id, odd.sandbox);
  return [
    {
      messageId: 'otherInUse',
      subject: { kind: 'sandbox', id: odd.sandbox.id, name: pod },
      data: { pod, actual: odd.actual, reference },
      evidence: [
        {
          fact: 'store',
          at: `sandbox ${odd.sandbox.id.slice(0, 13)}`,
          value: `${odd.actual} (${odd.id.slice(0, 19)})`,
        },
        { fact: 'images', at: reference, value: wanted.slice(0, 19) },
      ],
    },
  ];
}

/** Only information while the runtime's own image is here and pinned (or the runtime cannot pin). */
function kubeadmWants(
  { runtime }: RuntimeConfigFact,
  inForce: { reference: string; at: string },
  images: Image[] | undefined,
  kubelet: KubeletFact | undefined,
  versions: PauseVersionsFact | undefined,
): Finding[] {
  const version = kubelet?.version ?? null;
  const wanted = version === null ? null : kubeadmPause(version, versions);
  const tag = pauseTagOf(inForce.reference);
  if (!kubelet || version === null || wanted === null || tag === null || tag === wanted) return [];
  const image = images && findImage(images, inForce.reference);
  return [
    {
      messageId: 'kubeadmWants',
      severity: images && !image ? 'warning' : 'info',
      subject: { kind: 'image', id: inForce.reference },
      data: { version, wanted, runtime, reference: inForce.reference },
      evidence: [
        { fact: 'kubelet', at: `/proc/${kubelet.pid}/exe --version`, value: version },
        { fact: 'runtimeConfig', at: inForce.at, value: inForce.reference },
        ...(images ? [hereOrNot(images, wanted)] : []),
      ],
    },
  ];
}

function hereOrNot(images: Image[], wanted: string): Evidence {
  const here = pauseTags(images).find((tag) => tagOf(tag) === wanted);
  return { fact: 'images', at: 'image list', value: here ? `${here} is here` : `no pause ${wanted} is here` };
}
