import { type Reading, readContainerd } from '../../../src/collect/config/containerd.ts';
import { readCrio } from '../../../src/collect/config/crio.ts';
import { readStorage } from '../../../src/collect/config/crio-files.ts';
import { glob } from '../../../src/collect/config/glob.ts';
import { parseRelease } from '../../../src/collect/config/release.ts';
import { readToml } from '../../../src/collect/config/toml-file.ts';
import { runtimeShapes } from '../../../src/model/runtime-shapes.ts';
import { scanToml } from '../../../src/model/toml-lines.ts';
import { applyEdits } from '../../../src/remedy/config-edit/apply.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold, mustName } from '../must.ts';
import { planted } from '../planted.ts';
import { captured } from '../samples.ts';

const node = planted();
const MAIN = '/etc/containerd/config.toml';
const CRIO = '/etc/crio/crio.conf.d/10-crio.conf';
const MAX = 1024 * 1024;

const CONTAINERD = [
  ...captured(/containerd\/config\.toml$/, 3),
  'version = 3\nimports = ["/etc/containerd/conf.d/*.toml"]\n[plugins."io.containerd.cri.v1.images".pinned_images]\n  sandbox = "registry.k8s.io/pause:3.10"\n',
  'version = 2\nroot = "/var/lib/containerd"\n[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = \'registry.k8s.io/pause:3.9\' # ours\n[plugins."io.containerd.grpc.v1.cri".cni]\nbin_dir = "/opt/cni/bin"\n',
];
const CRIO_CONF = [
  ...captured(/crio\/.*\.conf/, 3),
  '[crio.image]\npause_image = "registry.k8s.io/pause:3.10"\n[crio.runtime]\ndrop_infra_ctr = true\n[crio.runtime.runtimes.crun]\nruntime_path = "/usr/bin/crun"\n',
];

const toml: Parser = {
  files: ['collect/config/toml-file.ts', 'model/toml-lines.ts', 'model/toml-value.ts'],
  name: 'a TOML file',
  kind: 'toml',
  samples: CONTAINERD,
  maxBytes: MAX,
  async parse(text, bytes) {
    node().put(MAIN, bytes);
    const read = await readToml(node().host, MAIN);
    mustHold(read.parsed === (read.error === null), 'not parsed, and no error');
    read.lineOf(['version']);
    read.lineOf(['plugins', 'io.containerd.grpc.v1.cri', 'sandbox_image']);
    const { entries, headers } = scanToml(text);
    mustHold(
      entries.every((e) => text.startsWith(e.raw, e.at)),
      'a value is not where it is said to be',
    );
    mustHold(
      headers.every((h) => h.from < h.end && h.end <= text.length + 2),
      'a header beyond the end',
    );
  },
};

const containerd: Parser = {
  files: [
    'collect/config/containerd.ts',
    'collect/config/imports.ts',
    'collect/config/rules.ts',
    'collect/config/statements.ts',
    'collect/config/start-errors.ts',
    'collect/config/choose.ts',
  ],
  name: "containerd's configuration",
  kind: 'toml',
  samples: CONTAINERD,
  maxBytes: MAX,
  async parse(_, bytes) {
    node().put(MAIN, bytes);
    for (const version of ['2.1.9', '1.6.20']) {
      const reading = await readContainerd(node().host, {
        file: MAIN,
        version,
        workingFolder: '/',
        flags: {},
        defaults: { root: '/var/lib/containerd', state: '/run/containerd', address: '/run/c.sock' },
      });
      judge(reading, MAIN);
    }
  },
};

const crio: Parser = {
  files: ['collect/config/crio.ts', 'collect/config/crio-files.ts', 'collect/config/cni-folders.ts'],
  name: "CRI-O's configuration",
  kind: 'toml',
  samples: CRIO_CONF,
  maxBytes: MAX,
  async parse(_, bytes) {
    node().put(CRIO, bytes);
    node().put('/etc/containers/storage.conf', bytes);
    const target = {
      file: '/etc/crio/crio.conf',
      folder: '/etc/crio/crio.conf.d',
      version: '1.30.0',
      flags: {},
    };
    judge(await readCrio(node().host, target), CRIO);
    await readStorage(node().host);
  },
};

/** What is handed on fits the fact, and what could not be read is named. */
function judge({ config, problems }: Reading, file: string): void {
  must(runtimeShapes.runtimeConfig, { ...config, runtime: 'containerd', daemonStartedAt: null }, 'config');
  const seen = config.files.find((one) => one.path === file);
  mustHold(seen !== undefined, `${file} is not among the files`);
  for (const { message, subject = '?' } of problems) mustName(subject, [message]);
}

const edit: Parser = {
  files: ['remedy/config-edit/apply.ts', 'remedy/config-edit/edit.ts'],
  name: 'an edit of a configuration',
  kind: 'toml',
  samples: CONTAINERD,
  count: 1500,
  maxBytes: MAX,
  // What cannot be edited is left alone, and the plan refused.
  refuses: (error) => error instanceof Error && !(error instanceof TypeError),
  async parse(text) {
    const key = ['plugins', 'io.containerd.grpc.v1.cri', 'sandbox_image'];
    const after = await applyEdits(text, [{ key, value: 'registry.k8s.io/pause:3.10' }]);
    mustHold(after.includes('registry.k8s.io/pause:3.10'), 'the value is not there');
  },
};

const words: Parser = {
  files: ['collect/config/glob.ts', 'collect/config/release.ts'],
  name: 'patterns of imports, and versions',
  kind: 'text',
  samples: ['/etc/containerd/conf.d/*.toml', '/etc/[a-z]?*/x\\*', 'v1.7.24~ds1', '2.4.0-beta.0'],
  maxBytes: 4096,
  refuses: (error) => error instanceof Error && / is no pattern: |null bytes|^E[A-Z]+: /.test(error.message),
  parse(text) {
    glob(node().host, text);
    const release = parseRelease(text);
    mustHold(
      release === null || [release.major, release.minor, release.patch].every(Number.isSafeInteger),
      text,
    );
  },
};

export const CONFIG: readonly Parser[] = [toml, containerd, crio, edit, words];
