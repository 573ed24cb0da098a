const text = { type: 'string' };
const texts = { type: 'array', items: text };
const dictionary = { type: 'object', additionalProperties: text };
const mode = (names: string[], description: string) => ({
  description,
  enum: [...names.keys(), ...names],
});

/** What CRI has in its PodSandboxConfig and podctl does not act on. */
export const IGNORED_KEYS: Record<string, readonly string[]> = {
  '': ['log_directory', 'windows'],
  linux: ['cgroup_parent', 'overhead', 'resources'],
  'linux.security_context': [
    'selinux_options',
    'run_as_user',
    'run_as_group',
    'readonly_rootfs',
    'supplemental_groups',
    'supplemental_groups_policy',
    'privileged',
    'seccomp_profile_path',
    'seccomp',
    'apparmor',
  ],
  'linux.security_context.namespace_options': ['target_id', 'userns_options'],
};

/** Those of them that a runtime is told. */
export const RUNTIME_KEYS: readonly string[] = [
  'log_directory',
  'linux.cgroup_parent',
  'linux.security_context.privileged',
];

/** JSON Schema of a pod file: CRI's PodSandboxConfig, as `crictl runp` takes it. */
export const podSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'PodSandboxConfig',
  description:
    'The pod file of podctl sandbox create -f: what crictl runp takes. Other keys of CRI are ignored.',
  type: 'object',
  required: ['metadata'],
  properties: {
    metadata: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { ...text, pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' },
        namespace: text,
        uid: text,
        attempt: { type: 'integer', minimum: 0 },
      },
    },
    hostname: text,
    dns_config: { type: 'object', properties: { servers: texts, searches: texts, options: texts } },
    port_mappings: {
      type: 'array',
      items: {
        type: 'object',
        required: ['container_port', 'host_port'],
        properties: {
          protocol: mode(['TCP', 'UDP', 'SCTP'], 'default TCP'),
          container_port: { type: 'integer', minimum: 1, maximum: 65535 },
          host_port: { type: 'integer', minimum: 1, maximum: 65535 },
          host_ip: text,
        },
      },
    },
    labels: dictionary,
    annotations: dictionary,
    linux: {
      type: 'object',
      properties: {
        sysctls: dictionary,
        security_context: {
          type: 'object',
          properties: {
            namespace_options: {
              type: 'object',
              properties: {
                network: mode(['POD', 'CONTAINER', 'NODE'], 'POD, the default: a network of its own'),
                pid: mode(
                  ['POD', 'CONTAINER', 'NODE'],
                  'POD, the default: containers share one PID namespace',
                ),
                ipc: mode(
                  ['POD', 'CONTAINER', 'NODE'],
                  'POD, the default: containers share one IPC namespace',
                ),
              },
            },
          },
        },
      },
    },
  },
} as const;
