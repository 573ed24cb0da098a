import {
  canPin,
  completeValue,
  ctr,
  defineCheck,
  findImage,
  fullReference,
  nearMissPin,
  PIN_LABEL,
  sandboxImageUse,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'image/pin-label',
    title: 'Labels that should pin the sandbox image do pin it',
    failureTitle: 'The sandbox image has a label that looks like a pin and is none',
    why: "Somebody pinned this image and relies on it. containerd knows one label, of one value, in one namespace; with any other, kubelet's image collection still takes the image.",
    proof:
      "containerd's own record of the image has a label whose key or value differs from io.cri-containerd.pinned=pinned, or only its copy in another namespace has that label, while CRI does not show the image as pinned.",
    neverReports: [
      'any label beside the right one',
      'an image that CRI shows as pinned, for instance by another of its names',
      'a containerd that cannot pin at all',
    ],
    severity: 'warning',
    tags: ['image'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    wants: ['imageStore', 'pauseVersions'],
    messages: {
      nearMiss:
        'The sandbox image {{reference}} is labelled {{label}}, which pins nothing: the label is {{right}}',
      wrongNamespace:
        "The sandbox image {{reference}} is pinned in containerd's namespace {{namespace}} only, where CRI does not look",
    },
    explains: [{ check: 'image/sandbox-image-unpinned', same: 'reference' }],
    references: [
      'https://github.com/containerd/containerd/issues/10270',
      'https://github.com/k3s-io/k3s/issues/10209',
    ],
  },
  run({ runtime, runtimeConfig, images, endpoints, imageStore, pauseVersions }) {
    const reference = sandboxImageUse(runtime, runtimeConfig).inForce?.reference;
    const image = reference === undefined ? undefined : findImage(images, reference);
    const store = completeValue(imageStore);
    if (!store || reference === undefined || !image || image.pinned) return [];
    if (!canPin(runtime.name, runtime.version, completeValue(pauseVersions))) return [];
    const wanted = fullReference(reference);
    const isWanted = ({ name }: { name: string }) => fullReference(name) === wanted;
    const right = `${PIN_LABEL.key}=${PIN_LABEL.value}`;
    const subject = { kind: 'image' as const, id: reference };
    const pin = ctr(endpoints, 'images', 'label', reference, right);
    const stored = store.images.filter(isWanted);
    const missed = stored.flatMap(({ name, labels }) => {
      const found = nearMissPin(labels);
      return found === null ? [] : [{ name, ...found }];
    })[0];
    if (missed) {
      const drop = ctr(endpoints, 'images', 'label', missed.name, `${missed.key}=`);
      return [
        {
          messageId: 'nearMiss',
          subject,
          data: { reference, label: `${missed.key}=${missed.value}`, right },
          evidence: [
            { fact: 'imageStore', at: `k8s.io ${missed.name}`, value: `${missed.key}=${missed.value}` },
            { fact: 'images', at: `image ${image.id.slice(0, 19)}`, value: 'pinned = false' },
          ],
          advice: [
            {
              title: 'Set the right label, and take the other away',
              risk: 'safe',
              commands: missed.key === PIN_LABEL.key ? [pin] : [pin, drop],
            },
          ],
        },
      ];
    }
    const stray = store.elsewhere.find(
      (one) => isWanted(one) && one.labels[PIN_LABEL.key] === PIN_LABEL.value,
    );
    if (!stray) return [];
    return [
      {
        messageId: 'wrongNamespace',
        subject,
        data: { reference, namespace: stray.place },
        evidence: [
          { fact: 'imageStore', at: `${stray.place} ${stray.name}`, value: right },
          { fact: 'images', at: `image ${image.id.slice(0, 19)}`, value: 'pinned = false' },
        ],
        advice: [{ title: 'Pin it where CRI looks', risk: 'safe', commands: [pin] }],
      },
    ];
  },
});
