import {
  canPin,
  completeValue,
  crictl,
  defineCheck,
  findImage,
  placeOf,
  sandboxImageUse,
  storedName,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'image/name-not-canonical',
    title: 'The sandbox image is configured by the name under which it is stored',
    failureTitle: 'The sandbox image is configured by another spelling of its name than the stored one',
    why: "containerd pins the image whose stored name equals the configured one letter by letter. Another spelling finds the image and starts pods, and kubelet's image collection still takes it.",
    proof:
      "The configured reference, written out in full as containerd stores it, differs from what is configured; the image is in the runtime's list, and not pinned.",
    neverReports: [
      'such a spelling while the image is pinned',
      'an image that is not here: its absence is told by itself',
      'a containerd that cannot pin, and other runtimes',
    ],
    severity: 'warning',
    tags: ['image', 'config'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    wants: ['pauseVersions'],
    messages: {
      notCanonical:
        'The sandbox image is configured as {{reference}} and stored as {{stored}}: the runtime does not pin it',
    },
    explains: [{ check: 'image/sandbox-image-unpinned', same: 'reference' }],
    references: ['https://github.com/rancher/rke2/issues/1830'],
  },
  run({ runtime, runtimeConfig, images, endpoints, pauseVersions }) {
    const { inForce, next } = sandboxImageUse(runtime, runtimeConfig);
    if (!inForce || runtime.name !== 'containerd') return [];
    if (!canPin(runtime.name, runtime.version, completeValue(pauseVersions))) return [];
    const { reference } = inForce;
    const stored = storedName(reference);
    const image = findImage(images, reference);
    const isId = /^(sha256:)?[0-9a-f]{64}$/.test(reference);
    if (isId || stored === reference || image === undefined || image.pinned) return [];
    return [
      {
        messageId: 'notCanonical',
        subject: { kind: 'image', id: reference },
        data: { reference, stored },
        evidence: [
          {
            fact: 'runtimeConfig',
            at: next?.value === reference ? placeOf(next) : inForce.at,
            value: reference,
          },
          {
            fact: 'images',
            at: `image ${image.id.slice(0, 19)}`,
            value: [...image.tags, ...image.digests].join(' '),
          },
        ],
        advice: [
          {
            title: `Configure ${stored}, restart containerd, then see that it is pinned`,
            risk: 'safe',
            commands: [crictl(endpoints, 'inspecti', stored)],
          },
        ],
      },
    ];
  },
});
