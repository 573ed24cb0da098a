import {
  completeValue,
  defineCheck,
  type Finding,
  placeOf,
  referenceFault,
  sandboxImageUse,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'config/malformed-image-name',
    title: 'The configured sandbox image is the name of an image',
    failureTitle: 'The configured sandbox image is no name of an image',
    why: 'A stray quote, space or carriage return makes a name that no registry and no runtime can look up: every new pod fails with "invalid reference format", whatever images are on the node.',
    proof: 'The reference that the runtime uses for sandboxes is parsed by the rules of image references.',
    neverReports: [
      'short names, ports, digests and tags in any form that runtimes take',
      'a name that is well formed and not here: that is image/sandbox-image-missing',
    ],
    severity: 'error',
    tags: ['config', 'image'],
    needs: ['runtimeConfig'],
    wants: ['runtime'],
    messages: {
      malformed:
        'New pods cannot start: {{runtime}} is to make sandboxes from "{{reference}}", which is no name of an image: {{fault}}',
      malformedAfterRestart:
        'New pods will not start after the next restart of {{runtime}}: its configuration names "{{reference}}", which is no name of an image: {{fault}}',
    },
    references: ['https://github.com/kubernetes/kubernetes/issues/72295'],
  },
  run({ runtimeConfig, runtime }) {
    const { inForce, next } = sandboxImageUse(completeValue(runtime), runtimeConfig);
    const pending = next !== null && next.value !== inForce?.reference;
    return [
      ...(inForce ? malformed(runtimeConfig.runtime, 'malformed', inForce.reference, inForce.at) : []),
      ...(pending
        ? malformed(runtimeConfig.runtime, 'malformedAfterRestart', next.value, placeOf(next))
        : []),
    ];
  },
});

function malformed(
  runtime: string,
  messageId: 'malformed' | 'malformedAfterRestart',
  reference: string,
  at: string,
): Finding[] {
  const fault = referenceFault(reference);
  if (fault === null) return [];
  return [
    {
      messageId,
      severity: messageId === 'malformed' ? 'error' : 'warning',
      subject: { kind: 'image', id: reference },
      data: { runtime, reference, fault },
      evidence: [{ fact: 'runtimeConfig', at, value: JSON.stringify(reference) }],
      advice: [
        {
          title: `Correct the name in the file, and restart ${runtime}`,
          risk: 'disruptive',
          commands: [[runtime, 'config', ...(runtime === 'containerd' ? ['dump'] : [])]],
        },
      ],
    },
  ];
}
