import {
  completeValue,
  ctr,
  defineCheck,
  type EndpointsFact,
  findImage,
  fullReference,
  type StrayImage,
  sandboxImageUse,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'image/wrong-store',
    title: 'The sandbox image is where the runtime looks for it',
    failureTitle: 'The sandbox image is on this node, in a store that the runtime does not read',
    why: "CRI reads one namespace of containerd's images. What Docker, podman or ctr without `-n k8s.io` loaded is on the disk and in their lists, and kubelet's pods still wait for it.",
    proof:
      "The image is not in the runtime's list, and an image of the same full name is in another namespace of the same containerd, or in the index file of Docker or podman.",
    neverReports: [
      'an image that the runtime has, whoever has it besides',
      'images of other names in such stores, podman-pause among them',
    ],
    severity: 'warning',
    tags: ['image'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    wants: ['imageStore'],
    messages: {
      namespace:
        "{{reference}} is in containerd's namespace {{place}}, where CRI does not look: to the runtime it is missing",
      engine:
        '{{reference}} is in the store of {{store}}, where CRI does not look: to the runtime it is missing',
    },
    explains: [{ check: 'image/sandbox-image-missing', same: 'reference' }],
    references: [
      'https://github.com/kubernetes/kubeadm/issues/2936',
      'https://github.com/kubernetes/kubelet/issues/7',
    ],
  },
  run({ runtime, runtimeConfig, images, endpoints, imageStore }) {
    const reference = sandboxImageUse(runtime, runtimeConfig).inForce?.reference;
    if (reference === undefined || findImage(images, reference)) return [];
    const wanted = fullReference(reference);
    const elsewhere = completeValue(imageStore)?.elsewhere ?? [];
    const stray = elsewhere.find(({ name }) => fullReference(name) === wanted);
    if (!stray) return [];
    const { store, place, name, digest } = stray;
    return [
      {
        messageId: store === 'namespace' ? 'namespace' : 'engine',
        subject: { kind: 'image', id: reference },
        data: { reference, store: store === 'docker' ? 'Docker' : store, place },
        evidence: [
          {
            fact: 'imageStore',
            at: store === 'namespace' ? `containerd namespace ${place}` : place,
            value: `${name} ${digest.slice(0, 19)}`,
          },
          {
            fact: 'images',
            at: 'image list',
            value: `${images.length} images, ${reference} is none of them`,
          },
        ],
        advice: [
          {
            title: 'Bring it where CRI looks',
            risk: 'safe',
            commands: [exportOf(stray, endpoints), ctr(endpoints, 'images', 'import', 'pause.tar')],
          },
        ],
      },
    ];
  },
});

function exportOf({ store, place, name }: StrayImage, endpoints: EndpointsFact): string[] {
  if (store === 'docker') return ['docker', 'save', '-o', 'pause.tar', name];
  if (store === 'podman') return ['podman', 'save', '--format', 'oci-archive', '-o', 'pause.tar', name];
  const command = ctr(endpoints, 'images', 'export', 'pause.tar', name);
  return command.map((word) => (word === 'k8s.io' ? place : word));
}
