import {
  COLLECTS_FROM_PERCENT,
  canPin,
  collectionNear,
  compareVersions,
  completeValue,
  ctr,
  defineCheck,
  findImage,
  type KubeletFact,
  NEAR_PERCENT,
  optionOf,
  sandboxImageUnknown,
  sandboxImageUse,
} from '../../src/api.ts';

/** From this version on kubelet asks the runtime what is pinned, and no longer its own flag. */
const ASKS_RUNTIME = '1.29.0';

const OPTIONS = {
  collectsFromPercent: {
    default: COLLECTS_FROM_PERCENT,
    min: 1,
    max: 100,
    describe: "kubelet's imageGCHighThresholdPercent: from there on it is an error",
  },
  nearPercent: {
    default: NEAR_PERCENT,
    min: 1,
    max: 100,
    describe: 'How full, in percent, a file system of images is near that',
  },
} as const;

export default defineCheck({
  meta: {
    id: 'image/sandbox-image-unpinned',
    title: "The sandbox image is protected from kubelet's image collection",
    failureTitle: "kubelet's image collection may delete the sandbox image",
    why: 'When the disk fills up, kubelet deletes images that no container uses, and it does not count sandboxes. The node stays Ready and running pods stay up, but no new pod starts.',
    proof:
      'The image that the runtime uses for sandboxes is in its list, and the list does not mark it as pinned. How full its file system is tells how soon that matters: kubelet collects from 85 % by default.',
    neverReports: [
      'an image whose other name is pinned: the runtime shows pinning by image id',
      'as a warning, a runtime too old to pin images: there it is information',
      'as collected soon, a file system with room, or one that no kubelet looks after',
    ],
    severity: 'warning',
    tags: ['image'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    wants: ['limits', 'kubelet', 'pauseVersions'],
    options: OPTIONS,
    messages: {
      collectedSoon:
        'The sandbox image {{reference}} is not pinned, and {{path}} is {{used}} % full: image collection, from {{threshold}} % by default, will delete it',
      unpinned:
        'The sandbox image {{reference}} is not pinned: image collection on a full disk may delete it',
      cannotPin:
        'containerd {{version}} cannot pin images: image collection on a full disk may delete the sandbox image {{reference}}',
    },
    references: [
      'https://github.com/awslabs/amazon-eks-ami/issues/1597',
      'https://github.com/kubernetes/kubernetes/issues/81756',
    ],
  },
  run({ runtime, runtimeConfig, images, endpoints, limits, kubelet, pauseVersions }, settings) {
    const threshold = optionOf(settings, OPTIONS, 'collectsFromPercent');
    const near = Math.min(threshold, optionOf(settings, OPTIONS, 'nearPercent'));
    const use = sandboxImageUse(runtime, runtimeConfig);
    const unknown = sandboxImageUnknown(use, runtimeConfig);
    if (unknown) return { findings: [], problems: [unknown] };
    const reference = use.inForce?.reference;
    const image = reference === undefined ? undefined : findImage(images, reference);
    if (reference === undefined || image === undefined || image.pinned) return [];
    const able = canPin(runtime.name, runtime.version, completeValue(pauseVersions));
    const isContainerd = runtime.name === 'containerd';
    const full = asksRuntime(completeValue(kubelet))
      ? collectionNear(completeValue(limits), near)
      : undefined;
    const isPast = full !== undefined && full.usedPercent >= threshold;
    return [
      {
        messageId: full ? 'collectedSoon' : able ? 'unpinned' : 'cannotPin',
        severity: isPast ? 'error' : full || able ? 'warning' : 'info',
        subject: { kind: 'image', id: reference },
        data: {
          reference,
          version: runtime.version,
          ...(full && { path: full.path, used: full.usedPercent, threshold }),
        },
        evidence: [
          { fact: 'images', at: `image ${image.id.slice(0, 19)}`, value: 'pinned = false' },
          ...(full ? [{ fact: 'limits' as const, at: full.path, value: `${full.usedPercent} % used` }] : []),
        ],
        advice:
          able && isContainerd
            ? [
                {
                  title: 'Pin it',
                  risk: 'safe',
                  commands: [ctr(endpoints, 'images', 'label', reference, 'io.cri-containerd.pinned=pinned')],
                },
              ]
            : [],
      },
    ];
  },
});

/** Older ones protect the image that their own flag names. */
function asksRuntime(kubelet: KubeletFact | undefined): boolean {
  return (
    kubelet !== undefined && (kubelet.version === null || compareVersions(kubelet.version, ASKS_RUNTIME) >= 0)
  );
}
