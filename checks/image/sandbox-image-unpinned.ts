import {
  canPin,
  completeValue,
  ctr,
  defineCheck,
  findImage,
  sandboxImageUnknown,
  sandboxImageUse,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'image/sandbox-image-unpinned',
    title: "The sandbox image is protected from kubelet's image collection",
    failureTitle: "kubelet's image collection may delete the sandbox image",
    why: 'When the disk fills up, kubelet deletes images that no container uses, and it does not count sandboxes. The node stays Ready and running pods stay up, but no new pod starts.',
    proof:
      'The image that the runtime uses for sandboxes is in its list, and the list does not mark it as pinned.',
    neverReports: [
      'an image whose other name is pinned: the runtime shows pinning by image id',
      'as a warning, a runtime too old to pin images: there it is information',
    ],
    severity: 'warning',
    tags: ['image'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    wants: ['pauseVersions'],
    messages: {
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
  run({ runtime, runtimeConfig, images, endpoints, pauseVersions }) {
    const use = sandboxImageUse(runtime, runtimeConfig);
    const unknown = sandboxImageUnknown(use, runtimeConfig);
    if (unknown) return { findings: [], problems: [unknown] };
    const reference = use.inForce?.reference;
    const image = reference === undefined ? undefined : findImage(images, reference);
    if (reference === undefined || image === undefined || image.pinned) return [];
    const able = canPin(runtime.name, runtime.version, completeValue(pauseVersions));
    const isContainerd = runtime.name === 'containerd';
    return [
      {
        messageId: able ? 'unpinned' : 'cannotPin',
        severity: able ? 'warning' : 'info',
        subject: { kind: 'image', id: reference },
        data: { reference, version: runtime.version },
        evidence: [{ fact: 'images', at: `image ${image.id.slice(0, 19)}`, value: 'pinned = false' }],
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
