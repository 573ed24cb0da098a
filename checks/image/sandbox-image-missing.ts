import {
  collectionNear,
  completeValue,
  crictl,
  ctr,
  defineCheck,
  type EndpointsFact,
  findImage,
  pauseTags,
  placeOf,
  referenceFault,
  sandboxImageUnknown,
  sandboxImageUse,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'image/sandbox-image-missing',
    title: 'The sandbox image is on this node',
    failureTitle: 'The sandbox image is not on this node',
    why: 'The runtime makes every sandbox from this image. Without it no new pod starts, static pods included, until it can be pulled: on a node without a registry that is never.',
    proof:
      "The reference that the runtime uses (its status, else its configuration files and built-in default) is compared, in full form, with the names, digests and ids in the runtime's image list.",
    neverReports: [
      'an image that is here under another spelling of the same name',
      'a name that no image can have: that is config/malformed-image-name',
      'sandboxes that run on an image which has been removed since: they need it no more',
    ],
    severity: 'error',
    tags: ['image'],
    needs: ['runtime', 'runtimeConfig', 'images', 'endpoints'],
    wants: ['limits'],
    messages: {
      missing: 'New pods cannot start: the sandbox image {{reference}} is not on this node',
      missingAfterRestart:
        'New pods will not start after the next restart of {{runtime}}: its configuration names {{reference}}, which is not on this node',
    },
    explains: [{ check: 'canary/*', same: 'reference' }],
    references: ['https://github.com/rootless-containers/usernetes/issues/240'],
  },
  run({ runtime, runtimeConfig, images, endpoints, limits }) {
    const use = sandboxImageUse(runtime, runtimeConfig);
    const unknown = sandboxImageUnknown(use, runtimeConfig);
    if (unknown) return { findings: [], problems: [unknown] };
    const { inForce, next } = use;
    const isHere = (reference: string) => findImage(images, reference) !== undefined;
    const isName = (reference: string) => referenceFault(reference) === null;
    const pending = next !== null && next.value !== inForce?.reference;
    const cases = [
      ...(inForce && isName(inForce.reference) && !isHere(inForce.reference)
        ? [{ messageId: 'missing', ...inForce }]
        : []),
      ...(pending && isName(next.value) && !isHere(next.value)
        ? [{ messageId: 'missingAfterRestart', reference: next.value, at: placeOf(next) }]
        : []),
    ];
    const others = pauseTags(images);
    const full = collectionNear(completeValue(limits));
    return cases.map(({ messageId, reference, at }) => ({
      messageId,
      severity: messageId === 'missing' ? 'error' : 'warning',
      subject: { kind: 'image', id: reference },
      data: { reference, runtime: runtime.name },
      evidence: [
        { fact: 'runtimeConfig', at, value: reference },
        {
          fact: 'images',
          at: 'image list',
          value: `${images.length} images; ${others.length === 0 ? 'no other pause' : `${others[0]} is here`}`,
        },
        ...(full
          ? [
              {
                fact: 'limits' as const,
                at: full.path,
                value: `${full.usedPercent} % used: kubelet's image collection may have taken it, and will again`,
              },
            ]
          : []),
      ],
      advice: [
        { title: 'Pull the image', risk: 'safe', commands: [crictl(endpoints, 'pull', reference)] },
        ...nameAnother(endpoints, runtime.name, others[0], reference),
      ],
    }));
  },
});

/** Without a registry, a pause that is here already can be given the wanted name. */
function nameAnother(
  endpoints: EndpointsFact,
  runtime: string,
  other: string | undefined,
  reference: string,
) {
  if (runtime !== 'containerd' || other === undefined) return [];
  return [
    {
      title: `Without a registry: use ${other} under that name`,
      risk: 'safe' as const,
      commands: [ctr(endpoints, 'images', 'tag', other, reference)],
    },
  ];
}
