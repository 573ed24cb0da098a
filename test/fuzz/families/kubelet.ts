import { loadPauseVersions } from '../../../src/cli/pause-versions.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { readCrictlChoice } from '../../../src/collect/crictl-yaml.ts';
import { readKubeconfig } from '../../../src/collect/kubeconfig.ts';
import { parseKubeletVersion } from '../../../src/collect/kubelet.ts';
import { lineOfKey, readKubeletFiles } from '../../../src/collect/kubelet-files.ts';
import { kubeletPlaces } from '../../../src/collect/kubelet-places.ts';
import { readFlags } from '../../../src/collect/pause-flags.ts';
import { parsePodList } from '../../../src/collect/pod-list.ts';
import { staticManifests } from '../../../src/collect/static-manifests.ts';
import { readYaml } from '../../../src/collect/yaml-file.ts';
import type { KnownPod } from '../../../src/model/facts.ts';
import { flagsIn, PAUSE_FLAG } from '../../../src/model/flag-text.ts';
import type { Problem } from '../../../src/model/outcome.ts';
import { list, record, text } from '../../../src/model/shape.ts';
import { editFlag } from '../../../src/remedy/config-edit/flag.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold, mustName } from '../must.ts';
import { planted } from '../planted.ts';

const node = planted();
const MANIFESTS = '/etc/kubernetes/manifests';
const MANIFEST = `${MANIFESTS}/etcd.yaml`;
const KUBECONFIG = '/etc/kubernetes/kubelet.conf';
const CRICTL = '/etc/crictl.yaml';
const CONFIG = '/var/lib/kubelet/config.yaml';
const VERSIONS = '/etc/podctl/pause-versions.yaml';
const SECRET = 'c2VjcmV0LXRva2Vu';
const MAX = 1024 * 1024;

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: etcd\n  namespace: kube-system\nspec:\n  hostNetwork: true\n  containers:\n  - name: etcd\n    image: registry.k8s.io/etcd:3.6\n    args: ["--a=b", --c]\n';
const ACCESS = `apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts:\n- name: c\n  context: {cluster: k, user: u}\nclusters:\n- name: k\n  cluster:\n    server: https://10.0.0.1:6443\n    certificate-authority-data: ${SECRET}\nusers:\n- name: u\n  user: {token: ${SECRET}}\n`;

const named = (problems: readonly Problem[]) => problems.flatMap((p) => [p.message, p.subject]);

const yaml: Parser = {
  files: ['collect/yaml-file.ts'],
  name: 'a YAML file',
  kind: 'yaml',
  samples: [POD, ACCESS, '{"kind": "Pod", "metadata": {"name": "a"}}'],
  maxBytes: MAX,
  count: 1200,
  async parse(_, bytes) {
    node().put(CONFIG, bytes);
    const problems: Problem[] = [];
    await readYaml(node().host, CONFIG, problems);
    if (problems.length > 0) mustName(CONFIG, named(problems));
  },
};

const manifests: Parser = {
  files: ['collect/static-manifests.ts', 'collect/pod-owners.ts'],
  name: 'manifests of static pods',
  kind: 'yaml',
  samples: [POD],
  maxBytes: MAX,
  count: 1200,
  async parse(_, bytes) {
    node().put(MANIFEST, bytes);
    const problems: Problem[] = [];
    const found = await staticManifests(node().host, MANIFESTS, problems);
    must(list(record<(typeof found)[number]>({ path: text, namespace: text, name: text })), found);
    const [only] = found;
    if (problems.length > 0) mustName(MANIFEST, named(problems));
    else
      mustHold(
        only?.path === MANIFEST || bytes.toString().trim() === '' || only === undefined,
        'another file',
      );
  },
};

const crictl: Parser = {
  files: ['collect/crictl-yaml.ts'],
  name: "crictl's configuration",
  kind: 'yaml',
  samples: [
    'runtime-endpoint: unix:///run/containerd/containerd.sock\nimage-endpoint: ""\ntimeout: 2\ndebug: false\n',
  ],
  maxBytes: MAX,
  count: 1200,
  async parse(_, bytes) {
    node().put(CRICTL, bytes);
    const { endpoint, problem } = await readCrictlChoice(node().host, CRICTL);
    mustHold(endpoint === null || typeof endpoint === 'string', 'an endpoint that is no text');
    if (problem) mustName(CRICTL, [problem.message]);
  },
};

const kubeconfig: Parser = {
  files: ['collect/kubeconfig.ts'],
  name: 'a kubeconfig',
  kind: 'yaml',
  samples: [ACCESS],
  maxBytes: MAX,
  count: 1200,
  async parse(_, bytes) {
    node().put(KUBECONFIG, bytes);
    const access = await readKubeconfig(node().host, KUBECONFIG);
    if (typeof access !== 'string') return;
    mustName(KUBECONFIG, [access]);
    mustHold(!access.includes(SECRET), 'it tells the token');
  },
};

const places: Parser = {
  files: ['collect/kubelet-places.ts'],
  name: "kubelet's configuration",
  kind: 'yaml',
  samples: [
    'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\naddress: 0.0.0.0\nreadOnlyPort: 10255\nstaticPodPath: /etc/kubernetes/manifests\ncgroupDriver: systemd\n',
  ],
  maxBytes: MAX,
  count: 1200,
  async parse(_, bytes) {
    node().put(CONFIG, bytes);
    const problems: Problem[] = [];
    const { readOnlyPort, address } = await kubeletPlaces(node().host, undefined, problems);
    mustHold(
      Number.isInteger(readOnlyPort) && readOnlyPort >= 0 && readOnlyPort < 65_536,
      `port ${readOnlyPort}`,
    );
    mustHold(typeof address === 'string', 'an address that is no text');
    if (problems.length > 0) mustName(CONFIG, named(problems));
  },
};

const knownPods = list(
  record<KnownPod>({ uid: text, namespace: text, name: text, phase: text, staticUid: text }),
);

const pods: Parser = {
  files: ['collect/pod-list.ts', 'collect/ask-pods.ts', 'collect/http-get.ts', 'collect/kubelet.ts'],
  name: "kubelet's list of pods",
  kind: 'json',
  samples: [
    '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"web","namespace":"default","uid":"7d9e","annotations":{"kubernetes.io/config.hash":"ab"}},"status":{"phase":"Running"}},{"metadata":{"name":"b","namespace":"default","uid":"8d9e"}}]}',
  ],
  count: 6000,
  parse(text) {
    const found = parsePodList(text);
    if (found !== null) must(knownPods, found);
    parseKubeletVersion(text);
  },
};

const UNIT = '/etc/systemd/system/kubelet.service';

/** The flag is gone and nothing else, or the text is left to the operator. */
function mustEdit(text: string): void {
  try {
    mustHold(flagsIn(editFlag(text, PAUSE_FLAG, null), PAUSE_FLAG).length === 0, 'a flag that stays');
  } catch (error) {
    if (!(error instanceof Error && error.message.endsWith('edit it by hand'))) throw error;
  }
}

const flags: Parser = {
  files: ['collect/pause-flags.ts', 'collect/kubelet-files.ts', 'remedy/config-edit/flag.ts'],
  name: "kubelet's unit, environment and configuration",
  kind: 'yaml',
  samples: [
    '[Service]\nEnvironment="A=--pod-infra-container-image=registry.k8s.io/pause:3.9"\nExecStart=/usr/bin/kubelet $A\n',
    "KUBELET_KUBEADM_ARGS='--pod-infra-container-image registry.k8s.io/pause:3.10 --v=2'\n",
    'kind: KubeletConfiguration\nreadOnlyPort: 0\n',
  ],
  count: 1200,
  async parse(text, bytes) {
    mustEdit(text);
    const problems: Problem[] = [];
    node().put(UNIT, bytes);
    for (const { file, line, value } of readFlags(node().host, problems).pauseFlags)
      mustHold(file === UNIT && line >= 1 && value.length <= 4096, `${file}:${line} ${value}`);
    node().put(CONFIG, bytes);
    const [read] = await readKubeletFiles(node().host, undefined, problems);
    if (read?.error !== null) mustName(CONFIG, named(problems));
    lineOfKey(bytes.toString(), 'readOnlyPort');
  },
};

const versions: Parser = {
  files: ['cli/pause-versions.ts', 'collect/pause-version-file.ts'],
  name: 'a file of pause versions',
  kind: 'yaml',
  samples: [
    'schema: podctl.pause-versions/v1\nasOf: 2026-11-23\nkubeadm: {"1.37": "3.11"}\ndefaults:\n  containerd:\n    2.4.0: registry.k8s.io/pause:3.11\npinning:\n  containerd: [1.7.3]\ndigests: {}\n',
  ],
  count: 1200,
  refuses: (error) => error instanceof UsageError && error.message.includes(VERSIONS),
  async parse(_, bytes) {
    node().put(VERSIONS, bytes);
    const said = await loadPauseVersions(`${node().root}${VERSIONS}`, {}, node().host);
    mustHold(said?.source.endsWith(VERSIONS) === true, 'versions of nobody');
  },
};

export const KUBELET: readonly Parser[] = [
  yaml,
  manifests,
  crictl,
  kubeconfig,
  places,
  pods,
  flags,
  versions,
];
