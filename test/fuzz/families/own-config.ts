import path from 'node:path';
import { builtinChecks } from '../../../src/cli/builtin-checks.ts';
import { fill } from '../../../src/cli/config/fill.ts';
import type { Layer } from '../../../src/cli/config/layer.ts';
import { loadConfig } from '../../../src/cli/config/load.ts';
import { rule } from '../../../src/cli/config/ruling.ts';
import { asFile, effective } from '../../../src/cli/config/view.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import type { Parser } from '../fuzz.ts';
import { mustHold } from '../must.ts';
import { planted } from '../planted.ts';

const node = planted();
const FILE = 'config.yaml';
const METAS = builtinChecks.map(({ meta }) => meta);

const YAML = [
  `schema: podctl.config/v1
checks:
  disable: ["image/*", podman/leaked-netns]
  enable: [image/pin-label]
  packages: ["@acme/podctl-checks"]
severity:
  netns/leaked: error
  "cni/*": info
options:
  sandbox/notready-pile: {tolerated: 3}
  cni/credentials-expired: {warnHours: 24}
`,
  `# What this node accepts.
schema: "podctl.config/v1"
ignore:
  - check: cni/leaked-reservation
    subject: 10.88.0.*
    reason: >-
      held for the test bench
    until: 2030-12-31
endpoints: {runtime: "unix:///run/containerd/containerd.sock"}
folders:
  stateDir: /run/podctl
  cniBinDir: [/opt/cni/bin]
doctor:
  failOn: warning
  require: [runtime, kubelet]
  minAge: 5m
`,
];
const JSON_TEXT = JSON.stringify({
  schema: 'podctl.config/v1',
  checks: { disable: ['netns/*'], enable: ['netns/leaked'] },
  severity: { '*': 'warning' },
  options: { 'runtime/exhausted': { nearlyPercent: 90 } },
  ignore: [{ check: '*', subject: '*', reason: 'all', until: '2030-01-01' }],
  folders: { checks: ['/etc/podctl/checks.d'], cniConfDir: '/etc/cni/net.d' },
  doctor: { deadline: '20s', timeout: '5s', baseline: '/b.json', pauseVersions: '/p.yaml' },
});

async function understand(text: string, bytes: Buffer): Promise<void> {
  node().put(FILE, bytes);
  const file = path.join(node().root, FILE);
  try {
    await use(await loadConfig({ config: file }, { PODCTL_CONFIG: 'none' }));
  } catch (error) {
    if (error instanceof UsageError) {
      const line = Number(/config\.yaml:(\d+): /.exec(error.message)?.[1]);
      mustHold(
        line >= 1 && line <= text.split(/\r\n|[\r\n]/).length,
        `no line of the file: ${error.message}`,
      );
    }
    throw error;
  }
}

/** What is understood can be used, shown, and is complete: a rule without a reason accepts nothing. */
async function use(layers: Layer[]): Promise<void> {
  fill({ command: 'doctor', args: {} }, {}, layers);
  const { checks, policy } = await rule(layers, builtinChecks);
  mustHold(checks.length === builtinChecks.length, 'a check is gone');
  mustHold(
    policy.ignores.every(({ check, subject, reason, line }) => check && subject && reason.trim() && line > 0),
    'an ignore lacks something',
  );
  asFile(effective(layers, METAS, {}, '/run/podctl'));
}

const base = {
  files: [
    'cli/config/yaml-tree.ts',
    'cli/config/layer.ts',
    'cli/config/load.ts',
    'cli/config/faults.ts',
    'cli/config/check-names.ts',
    'cli/config/rules.ts',
    'cli/config/settle.ts',
  ],
  maxBytes: 256 * 1024,
  count: 1200,
  refuses: (error: unknown) => error instanceof UsageError,
  parse: understand,
};

export const OWN_CONFIG: readonly Parser[] = [
  { ...base, name: 'the configuration of podctl', kind: 'yaml', samples: YAML },
  { ...base, name: 'the same as JSON', kind: 'json', samples: [JSON_TEXT] },
];
