/** @type {import('podctl').Check} */
export default {
  meta: {
    id: 'acme.pods/crowded',
    title: 'No namespace fills this node with its pods',
    failureTitle: 'Namespaces fill this node with their pods',
    why: 'One team that fills a node starves the others on it.',
    severity: 'warning',
    needs: ['sandboxes'],
    messages: { tooMany: '{{namespace}} runs {{count}} pods here, and may run {{limit}}' },
    options: { limit: { default: 20, min: 1, describe: 'Pods that a namespace may have on a node' } },
  },
  run({ sandboxes }, { options: { limit = 20 } = {} }) {
    const ready = sandboxes.filter((sandbox) => sandbox.state === 'ready');
    const namespaces = [...new Set(ready.map((sandbox) => sandbox.namespace))];
    return namespaces
      .map((namespace) => ({ namespace, count: ready.filter((s) => s.namespace === namespace).length }))
      .filter(({ count }) => count > Number(limit))
      .map((data) => ({ messageId: 'tooMany', data: { ...data, limit: Number(limit) } }));
  },
};
