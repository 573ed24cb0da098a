import { completeValue, defineCheck, fullReference, referenceFault, sandboxImageUse } from '../../src/api.ts';

/** Registries of Kubernetes never give a tag to another image. */
const KEEPS_TAGS = /^(?:registry\.k8s\.io|k8s\.gcr\.io)\//;

export default defineCheck({
  meta: {
    id: 'config/mutable-sandbox-tag',
    title: 'The sandbox image cannot change under its name',
    failureTitle: 'The sandbox image can change under its name',
    why: 'The sandbox image runs in every pod of the node. A tag of a registry that lets tags move is whatever was pushed there last: two nodes may run different programs under one name, and nobody is told of a change.',
    proof:
      'The reference that the runtime uses for sandboxes has no digest, and is not of a registry whose tags stay.',
    neverReports: ['registry.k8s.io and k8s.gcr.io, whose tags are never moved', 'a reference with a digest'],
    severity: 'info',
    tags: ['config', 'image', 'security'],
    needs: ['runtimeConfig'],
    wants: ['runtime'],
    messages: {
      mutable:
        'Sandboxes are made from {{reference}}, a tag that its registry may give to another image; a digest (@sha256:...) stays',
    },
    references: ['https://github.com/vexxhost/atmosphere/issues/1052'],
  },
  run({ runtimeConfig, runtime }) {
    const { inForce } = sandboxImageUse(completeValue(runtime), runtimeConfig);
    if (inForce === null || referenceFault(inForce.reference) !== null) return [];
    const { reference, at } = inForce;
    if (reference.includes('@') || KEEPS_TAGS.test(fullReference(reference))) return [];
    return [
      {
        messageId: 'mutable',
        subject: { kind: 'image', id: reference },
        data: { reference },
        evidence: [{ fact: 'runtimeConfig', at, value: reference }],
      },
    ];
  },
});
