import {
  compareVersions,
  completeValue,
  defineCheck,
  type Finding,
  isOwn,
  type KubeletConfigFact,
  type KubeletFact,
  problem,
  type RuntimeFact,
  type SandboxView,
  sandboxName,
  sandboxViews,
} from '../../src/api.ts';

type Driver = 'systemd' | 'cgroupfs';

/** From here on kubelet takes the driver from the runtime, where that tells it. */
const ASKS_SINCE = '1.31.0';
/** What systemd's driver calls a container's cgroup. */
const SCOPE = /\.scope(?:$|\/)/;

export default defineCheck({
  meta: {
    id: 'cgroup/driver-mismatch',
    title: 'kubelet and the runtime manage cgroups in the same way',
    failureTitle: 'kubelet and the runtime manage cgroups in different ways',
    why: "kubelet hands the runtime the name of the pod's cgroup in the form of its own driver. The systemd driver refuses a path, so that no pod starts; the cgroupfs driver takes the name of a slice for a folder at the top, where the pod's limits do not reach.",
    proof:
      "cgroupDriver of kubelet's flags and files against the runtime's own answer; and the form of the cgroups that running pods are in.",
    neverReports: [
      'a kubelet from 1.31 on with a runtime that tells its driver: then its own setting is not used',
      'a driver that nobody states, while a file of kubelet cannot be read',
      "podctl's own sandboxes, which no kubelet manages",
    ],
    severity: 'error',
    tags: ['cgroup', 'config', 'kubelet'],
    needs: ['runtime', 'processes', 'endpoints'],
    wants: ['kubeletConfig', 'kubelet', 'sandboxes', 'containers', 'store', 'bundles'],
    messages: {
      noPods:
        'New pods cannot start: kubelet names their cgroups for the cgroupfs driver, {{runtime}} expects those of systemd',
      noLimits:
        'Limits of pods do not hold: kubelet names their cgroups for systemd, {{runtime}} makes them with the cgroupfs driver, outside of the slices',
      mixed:
        '{{pods}} in cgroups of the {{driver}} driver, the others not: the driver was changed while they ran',
    },
    references: [
      'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/configure-cgroup-driver/',
      'https://github.com/kubernetes-sigs/kubespray/issues/8122',
    ],
  },
  run(facts) {
    const { runtime } = facts;
    const config = completeValue(facts.kubeletConfig);
    const kubelet = completeValue(facts.kubelet);
    const mixed = mixedLayout(sandboxViews(facts), runtime);
    const stated = statedDriver(config);
    if (config === undefined || stated === null || runtime.cgroupDriver === null) return mixed;
    if (stated.value === runtime.cgroupDriver) return mixed;
    const answers = !(runtime.name === 'containerd' && runtime.version.startsWith('1.'));
    const version = kubelet?.version ?? config.installedVersion;
    if (answers && version === null) {
      const why = "kubelet's version is not known: it may take the cgroup driver from the runtime";
      return { findings: mixed, problems: [problem('unavailable', why)] };
    }
    if (answers && compareVersions(version ?? '', ASKS_SINCE) >= 0) return mixed;
    return [mismatch(stated, runtime, isPending(config, kubelet, stated.at)), ...mixed];
  },
});

/** Null: not known, for a file that was not read may name another one. */
function statedDriver(config: KubeletConfigFact | undefined): { value: string; at: string } | null {
  if (config === undefined) return null;
  if (config.cgroupDriver !== null) return config.cgroupDriver;
  const isWhole = config.files.every(({ error }) => error === null);
  return isWhole ? { value: 'cgroupfs', at: "kubelet's default" } : null;
}

/** The file that says so was written after kubelet was started. */
function isPending({ files }: KubeletConfigFact, kubelet: KubeletFact | undefined, at: string): boolean {
  const file = files.find(({ path }) => at === path || at.startsWith(`${path}:`));
  return kubelet !== undefined && file !== undefined && file.mtime > kubelet.startedAt;
}

function mismatch(stated: { value: string; at: string }, runtime: RuntimeFact, pending: boolean): Finding {
  const noPods = runtime.cgroupDriver === 'systemd';
  return {
    messageId: noPods ? 'noPods' : 'noLimits',
    severity: noPods && !pending ? 'error' : 'warning',
    subject: { kind: 'runtime', id: runtime.endpoint },
    data: { runtime: runtime.name, kubelet: stated.value, driver: runtime.cgroupDriver ?? '' },
    evidence: [
      {
        fact: 'kubeletConfig',
        at: stated.at,
        value: `cgroupDriver: ${stated.value}${pending ? ', from the next start of kubelet on' : ''}`,
      },
      { fact: 'runtime', at: `${runtime.name} ${runtime.version}`, value: `driver ${runtime.cgroupDriver}` },
    ],
    advice: [
      {
        title: 'Give both the same driver, while no pod runs here: first see what the runtime reads',
        risk: 'safe',
        commands: [runtime.name === 'containerd' ? ['containerd', 'config', 'dump'] : ['crio', 'config']],
      },
    ],
  };
}

function mixedLayout(views: readonly SandboxView[], { endpoint, cgroupDriver }: RuntimeFact): Finding[] {
  const byDriver: Record<Driver, { view: SandboxView; cgroup: string; pid: number }[]> = {
    systemd: [],
    cgroupfs: [],
  };
  for (const view of views) {
    const one = view.pause ?? view.members[0]?.init;
    if (view.listed?.state !== 'ready' || isOwn(view) || !one?.podUid) continue;
    const { cgroup, pid } = one;
    byDriver[SCOPE.test(cgroup) ? 'systemd' : 'cgroupfs'].push({ view, cgroup, pid });
  }
  if (byDriver.systemd.length === 0 || byDriver.cgroupfs.length === 0) return [];
  const driver = cgroupDriver === 'systemd' ? 'cgroupfs' : 'systemd';
  const others = byDriver[driver];
  const [first] = others;
  return [
    {
      messageId: 'mixed',
      severity: 'warning',
      subject: { kind: 'runtime', id: endpoint },
      data: {
        driver,
        pods:
          others.length === 1 && first
            ? `${sandboxName(first.view.id, first.view.meta)} is`
            : `${others.length} pods are`,
      },
      evidence: [first, byDriver[driver === 'systemd' ? 'cgroupfs' : 'systemd'][0]].flatMap((one) =>
        one ? [{ fact: 'processes' as const, at: `/proc/${one.pid}/cgroup`, value: one.cgroup }] : [],
      ),
    },
  ];
}
