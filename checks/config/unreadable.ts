import { type ConfigFile, defineCheck, type IgnoredKey } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'config/unreadable',
    title: "The runtime's configuration is read as it is written",
    failureTitle: "Parts of the runtime's configuration are not read",
    why: 'A runtime with a broken configuration file runs on until its next restart and then stays down. A key in the place of another configuration version is ignored without an error: the default is used instead.',
    proof:
      'The files are parsed as the runtime would, in its load order. Each error is named with line and column, each sandbox image key with the version that its file declares.',
    neverReports: [
      "containerd 2.x's own warning about a valid version 2 file, whose values it has taken over",
      'as a warning, an ignored key that says what is used anyway',
    ],
    severity: 'error',
    tags: ['config'],
    needs: [],
    wants: ['runtimeConfig'],
    messages: {
      broken: '{{runtime}} will not start again: {{file}} cannot be used: {{error}}',
      ignoredKey:
        '{{key}} = "{{value}}" is ignored in a file of this version; {{runtime}} uses {{used}} for sandboxes',
    },
    identity: ['key'],
    explains: [{ check: 'image/sandbox-image-missing', same: 'reference' }],
    references: [
      'https://github.com/kubernetes/kubeadm/issues/3146',
      'https://github.com/kubernetes/kubeadm/issues/3232',
    ],
  },
  run({ runtimeConfig: outcome }) {
    if (outcome.status === 'absent') return { findings: [], problems: [], skipped: outcome.reason };
    if (outcome.status === 'failed') return { findings: [], problems: [outcome.problem] };
    const { runtime, files, ignored, sandboxImage } = outcome.value;
    // What only we may not read is our trouble, not the runtime's.
    const denied = (outcome.problems ?? []).filter((p) => p.code === 'denied' || p.code === 'timeout');
    const isDenied = (file: ConfigFile) => denied.some((p) => p.subject === file.path);
    const used = sandboxImage?.value ?? 'its built-in default';
    return {
      findings: [
        ...files.flatMap((file) =>
          file.error && !isDenied(file) ? [broken(runtime, file, file.error)] : [],
        ),
        ...ignored
          .filter((key) => key.reason === 'wrong-version')
          .map((key) => ignoredKey(runtime, key, used)),
      ],
      problems: denied,
    };
  },
});

function broken(runtime: string, file: ConfigFile, error: NonNullable<ConfigFile['error']>) {
  const at = [file.path, error.line, error.column].filter((part) => part !== null).join(':');
  return {
    messageId: 'broken',
    subject: { kind: 'file' as const, id: file.path },
    data: { runtime, file: file.path, error: error.message },
    evidence: [{ fact: 'runtimeConfig' as const, at, value: error.message }],
    advice: [
      { title: 'Correct the file, then check it', risk: 'safe' as const, commands: [checkCommand(runtime)] },
    ],
  };
}

function checkCommand(runtime: string): string[] {
  return runtime === 'containerd' ? ['containerd', 'config', 'dump'] : ['crio', 'config'];
}

function ignoredKey(runtime: string, { file, line, key, value, insteadKey }: IgnoredKey, used: string) {
  const at = line === null ? file : `${file}:${line}`;
  return {
    messageId: 'ignoredKey',
    severity: value === used ? ('info' as const) : ('warning' as const),
    subject: { kind: 'file' as const, id: file },
    data: { runtime, key, value, used, reference: used },
    evidence: [
      { fact: 'runtimeConfig' as const, at, value: `${key} = "${value}"` },
      ...(insteadKey === null
        ? []
        : [{ fact: 'runtimeConfig' as const, at: 'in this version', value: insteadKey }]),
    ],
    advice: [{ title: 'Move the key, then check', risk: 'safe' as const, commands: [checkCommand(runtime)] }],
  };
}
