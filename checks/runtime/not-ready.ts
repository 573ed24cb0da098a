import { defineCheck } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'runtime/not-ready',
    title: 'The container runtime says that it is ready',
    failureTitle: 'The container runtime says that it is not ready',
    why: 'kubelet marks the node NotReady, and new pods wait. With the network not ready even existing pods cannot be taken down, since their network cannot be.',
    proof: "The runtime's own status conditions, and the error it kept from loading the CNI configuration.",
    neverReports: ['conditions other than RuntimeReady and NetworkReady, which are announcements'],
    severity: 'error',
    tags: ['runtime', 'cni'],
    needs: ['runtime'],
    messages: {
      notReady: '{{runtime}} reports {{condition}} = false: {{message}}',
    },
    identity: ['condition'],
    explains: [{ check: 'canary/*', same: 'condition' }],
    references: ['https://github.com/kubernetes/kubernetes/issues/54918'],
  },
  run({ runtime }) {
    return runtime.conditions
      .filter(({ type, status }) => !status && (type === 'RuntimeReady' || type === 'NetworkReady'))
      .map(({ type, reason, message }) => ({
        messageId: 'notReady',
        subject: { kind: 'runtime', id: runtime.endpoint },
        data: { runtime: runtime.name, condition: type, message: message || reason },
        evidence: [
          { fact: 'runtime', at: `status, ${type}`, value: `${reason}: ${message}` },
          ...(type === 'NetworkReady'
            ? runtime.cniLoadErrors.map((value) => ({
                fact: 'runtime' as const,
                at: 'last load of the CNI configuration',
                value,
              }))
            : []),
        ],
      }));
  },
});
