import {
  changedSinceStart,
  crictl,
  defineCheck,
  findImage,
  fullReference,
  placeOf,
  sandboxImageUse,
} from '../../src/api.ts';

const FROZEN = /^(k8s\.gcr\.io|(?:\w+\.)?gcr\.io\/google[_-]containers)\//;
const SUCCESSOR = 'registry.k8s.io';

export default defineCheck({
  meta: {
    id: 'image/frozen-registry',
    title: 'The sandbox image comes from a registry that is kept up',
    failureTitle: 'The sandbox image is configured from a registry that was given up',
    why: 'k8s.gcr.io was frozen in April 2023: it gets no new images, and what it still serves goes one day without notice. A node that has the image lives on it; the next new node does not start a pod.',
    proof: 'The reference that the runtime uses for sandboxes begins with k8s.gcr.io or its predecessors.',
    neverReports: [
      'images of pods that come from there',
      'as a warning, an image that is here and pinned',
      'one that is replaced at the next start: config/sandbox-image-drift says so',
    ],
    severity: 'warning',
    tags: ['image', 'config'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    messages: {
      frozen:
        'The sandbox image {{reference}} is from {{registry}}, which was frozen in 2023: {{successor}} has it now',
    },
    explains: [{ check: 'image/sandbox-image-missing', same: 'reference' }],
    references: [
      'https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/',
      'https://github.com/Azure/aks-engine/issues/4627',
    ],
  },
  run({ runtime, runtimeConfig, images, endpoints }) {
    const { inForce, next } = sandboxImageUse(runtime, runtimeConfig);
    const reference = inForce?.reference ?? '';
    const registry = FROZEN.exec(fullReference(reference))?.[1];
    const isReplaced =
      changedSinceStart(runtimeConfig) && !FROZEN.test(fullReference(next?.value ?? reference));
    if (!inForce || registry === undefined || isReplaced) return [];
    const image = findImage(images, reference);
    const successor = `${SUCCESSOR}${fullReference(reference).slice(registry.length)}`;
    const stated = runtimeConfig.sandboxImage;
    return [
      {
        messageId: 'frozen',
        severity: image?.pinned ? 'info' : 'warning',
        subject: { kind: 'image', id: reference },
        data: { reference, registry, successor },
        evidence: [
          {
            fact: 'runtimeConfig',
            at: stated?.value === reference ? placeOf(stated) : inForce.at,
            value: reference,
          },
          { fact: 'images', at: 'image list', value: image ? `here, pinned = ${image.pinned}` : 'not here' },
        ],
        advice: [
          {
            title: `Pull ${successor}, name it in the configuration, and restart the runtime`,
            risk: 'safe',
            commands: [crictl(endpoints, 'pull', successor)],
          },
        ],
      },
    ];
  },
});
