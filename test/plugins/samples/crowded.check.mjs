/** @type {import('podctl').Check} */
export default {
  meta: {
    id: 'acme.pods/crowded',
    title: 'No namespace fills this node with its pods',
    failureTitle: 'Namespaces fill this node with their pods',
    why: 'One team that fills a node starves the others on it.',
    needs: ['sandboxes'],
    messages: { tooMany: '{{namespace}} runs {{count}} pods here, and may run {{limit}}' },
    options: { limit: { default: 20, min: 1, describe: 'Pods that a namespace may have on a node' } },
  },
  run({ sandboxes }, { options: { limit = 20 } = {} }) {
    const count = (namespace) =>
      sandboxes.filter((s) => s.namespace === namespace && s.state === 'ready').length;
    return [...new Set(sandboxes.map((s) => s.namespace))]
      .map((namespace) => ({ data: { namespace, count: count(namespace), limit } }))
      .filter(({ data }) => data.count > limit);
  },
};
