import {
  type CniCacheEntry,
  completeValue,
  crictl,
  defineCheck,
  type EndpointsFact,
  type Finding,
  isOldFile,
  keyOf,
  type RuntimeFact,
  type Sandbox,
  sandboxName,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/cache-damaged',
    title: 'The cached CNI results of sandboxes can be read',
    failureTitle: 'Cached CNI results are damaged',
    why: 'A crash or a full disk leaves an empty or cut file in the cache of CNI results. containerd 1.x cannot take down the network of such a sandbox: the pod stays Terminating for ever, and the message does not name the file.',
    proof:
      "A regular file of libcni's cache, older than --min-age, that is empty or no JSON and by its name belongs to a sandbox that the runtime lists.",
    neverReports: [
      "a damaged entry of a sandbox's loopback, which nothing reads",
      'a file that is being written',
      'damaged entries of sandboxes that are not listed: nothing will read them (cni/cache-orphaned)',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniCache', 'sandboxes', 'host', 'endpoints'],
    wants: ['runtime'],
    messages: {
      blocks: '{{pod}} cannot be stopped: its cached CNI result {{path}} is {{state}}',
      mayBlock: 'the cached CNI result of {{pod}}, {{path}}, is {{state}}: taking its network down may fail',
      harmless: 'the cached CNI result of {{pod}}, {{path}}, is {{state}}; this containerd does without it',
    },
    explains: [{ check: 'sandbox/network-kept', same: 'container' }],
    references: [
      'https://github.com/containerd/containerd/issues/8197',
      'https://github.com/containernetworking/cni/issues/1149',
    ],
  },
  run({ cniCache, sandboxes, host, endpoints, runtime }, { minAgeMs }) {
    const listed = new Map(sandboxes.map((s) => [s.id, s]));
    return cniCache.entries
      .filter(
        (e) => ['empty', 'malformed'].includes(e.state) && e.confirmed && isOldFile(host, e.mtime, minAgeMs),
      )
      .flatMap((entry) => {
        const key = keyOf(entry);
        const sandbox = key && key.ifName !== 'lo' ? listed.get(key.containerId) : undefined;
        return sandbox ? [finding(entry, sandbox, completeValue(runtime), endpoints)] : [];
      });
  },
});

function finding(
  { path, state }: CniCacheEntry,
  sandbox: Sandbox,
  runtime: RuntimeFact | undefined,
  endpoints: EndpointsFact,
): Finding {
  const pod = sandboxName(sandbox.id, sandbox);
  const messageId = messageOf(sandbox, runtime);
  return {
    messageId,
    severity: ({ blocks: 'error', mayBlock: 'warning', harmless: 'info' } as const)[messageId],
    subject: { kind: 'file', id: path, name: pod },
    data: { pod, path, container: sandbox.id, state: state === 'empty' ? 'empty' : 'no JSON' },
    evidence: [
      { fact: 'cniCache', at: path, value: state },
      {
        fact: 'sandboxes',
        at: `sandbox ${sandbox.id.slice(0, 13)}`,
        value: sandbox.state === 'ready' ? 'READY' : 'NOTREADY',
      },
    ],
    advice:
      messageId === 'harmless'
        ? []
        : [
            {
              title: 'Remove the file: the network is then taken down by its configuration',
              risk: 'safe',
              commands: [
                ['rm', path],
                ...(sandbox.state === 'notready' ? [crictl(endpoints, 'stopp', sandbox.id)] : []),
              ],
            },
          ],
  };
}

/** What a runtime makes of such a file: seen on containerd 1.6 and 2.1. */
function messageOf(
  { provider }: Sandbox,
  runtime: RuntimeFact | undefined,
): 'blocks' | 'mayBlock' | 'harmless' {
  if (provider !== undefined || runtime?.name !== 'containerd') return 'mayBlock';
  return /^v?1\./.test(runtime.version) ? 'blocks' : 'harmless';
}
