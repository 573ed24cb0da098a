import {
  compareVersions,
  completeValue,
  defineCheck,
  type Finding,
  REMOVED_KUBELET_FLAGS,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'kubelet/removed-flag',
    title: 'kubelet is given no flag of its former runtimes',
    failureTitle: 'kubelet is given a flag of its former runtimes, which it does not know any more',
    why: 'kubelet 1.24 took away the flags for CNI and Docker, 1.27 the one that chose the runtime. It ends at once with "unknown flag" where a unit or an environment file still has one: the node never joins, or does not come back.',
    proof:
      "The flags are looked for in kubelet's unit with its drop-ins and in the files of its environment; the version is told by the program that runs, else by the program that is installed (in a node image, as it stands in the file).",
    neverReports: [
      'a file that a kubelet of that release or later was started beside: it does not read it',
      'a flag that this release still knows',
      'a line that is commented out, and a unit that another one hides',
    ],
    severity: 'error',
    tags: ['kubelet', 'config'],
    needs: ['kubeletConfig'],
    wants: ['kubelet'],
    messages: {
      removed: 'kubelet {{version}} does not start: it does not know --{{flag}}, which {{file}} gives it',
      removedAtStart:
        'kubelet {{version}} will not start again: it does not know --{{flag}}, which {{file}} gives it since',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/pull/106907',
      'https://github.com/kubernetes/kubernetes/pull/114017',
    ],
  },
  run({ kubeletConfig: { oldFlags = [], installedVersion }, kubelet: outcome }) {
    if (oldFlags.length === 0) return [];
    const kubelet = completeValue(outcome);
    const version = kubelet?.version ?? installedVersion;
    if (version === null) return { findings: [], problems: [], skipped: "kubelet's version is not known" };
    return oldFlags
      .filter(({ flag }) => compareVersions(version, REMOVED_KUBELET_FLAGS[flag] ?? version) >= 0)
      .filter(({ mtime }) => kubelet === undefined || mtime > kubelet.startedAt)
      .map(
        ({ flag, file, line }): Finding => ({
          messageId: kubelet === undefined ? 'removed' : 'removedAtStart',
          severity: kubelet === undefined ? 'error' : 'warning',
          subject: { kind: 'file', id: file },
          data: { version, file, flag },
          evidence: [
            { fact: 'kubeletConfig', at: `${file}:${line}`, value: `--${flag}` },
            { fact: 'kubeletConfig', at: 'gone since', value: REMOVED_KUBELET_FLAGS[flag] ?? '' },
          ],
          advice: [
            {
              title: `Take the flag out of ${file}: what it said belongs into the runtime's configuration`,
              risk: 'disruptive',
              commands: [
                ['systemctl', 'daemon-reload'],
                ['systemctl', 'restart', 'kubelet.service'],
              ],
            },
          ],
        }),
      );
  },
});
