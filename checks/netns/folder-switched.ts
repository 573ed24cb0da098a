import {
  completeValue,
  defineCheck,
  type Finding,
  isOwn,
  type RuntimeConfigFact,
  recordedPin,
  runPath,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'netns/folder-switched',
    title: 'All network namespaces are pinned in the folder that the configuration names',
    failureTitle: 'Network namespaces are pinned in another folder than the configuration names',
    why: 'The folder was changed while pods ran, which the runtime documents as needing an empty node. It goes on finding the old pins by their recorded paths, so nothing is broken; but whoever lists or cleans one folder misses what is in the other.',
    proof:
      'The path that the runtime recorded for each listed sandbox, against the folder that follows from its configuration (containerd: netns_mounts_under_state_dir; CRI-O: namespaces_dir).',
    neverReports: [
      'hostNetwork sandboxes, which have no pin',
      '/var/run against /run, which are one folder',
      "podctl's own sandboxes, whose pins are elsewhere on purpose",
    ],
    severity: 'info',
    tags: ['namespace', 'config'],
    needs: ['runtimeConfig', 'processes', 'endpoints'],
    wants: ['sandboxes', 'store', 'bundles'],
    messages: {
      switched:
        '{{pods}} pinned in {{folder}}, but the configuration names {{configured}}: harmless, because the runtime recorded the paths',
    },
    references: ['https://github.com/containerd/containerd/blob/main/docs/cri/config.md'],
  },
  run(facts) {
    const { runtimeConfig } = facts;
    // With a file that cannot be read it is not known what the configuration says.
    if (
      completeValue(facts.sandboxes) === undefined ||
      runtimeConfig.files.some(({ error }) => error !== null)
    )
      return [];
    const elsewhere = new Map<string, SandboxView[]>();
    for (const view of sandboxViews(facts)) {
      const pin = view.listed === null || isOwn(view) ? null : recordedPin(view);
      const folder = pin?.slice(0, pin.lastIndexOf('/'));
      if (folder === undefined || folder === runPath(runtimeConfig.netnsDir)) continue;
      elsewhere.set(folder, [...(elsewhere.get(folder) ?? []), view]);
    }
    return [...elsewhere].map(([folder, views]) => finding(folder, views, runtimeConfig));
  },
});

function finding(
  folder: string,
  views: readonly SandboxView[],
  { netnsDir, files }: RuntimeConfigFact,
): Finding {
  const names = views.map(({ id, meta }) => sandboxName(id, meta));
  return {
    messageId: 'switched',
    subject: { kind: 'file', id: folder },
    data: {
      pods: names.length === 1 ? `${names[0]} is` : `${names.length} pods are`,
      folder,
      configured: netnsDir,
    },
    evidence: [
      { fact: 'runtimeConfig', at: files[0]?.path ?? 'built-in default', value: `pins in ${netnsDir}` },
      ...views.map((view, i) => ({
        fact: 'store' as const,
        at: recordedPin(view) ?? '',
        value: `pin of ${names[i]}`,
      })),
    ],
  };
}
