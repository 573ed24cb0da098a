import {
  type CniConfFact,
  type CniConfFile,
  completeValue,
  defineCheck,
  type Finding,
  isOldFile,
  networkFault,
  pluginNode,
  type RuntimeFact,
  winningConf,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'cni/configuration-broken',
    title: 'The network configuration that comes first can be used',
    failureTitle: 'A network configuration cannot be used',
    why: 'containerd takes the file that comes first in the order of names. It does not go on to the next one when that is empty, cut or no valid JSON: no pod gets a network, existing ones cannot be taken down, and the condition of the node names no file.',
    proof:
      'The runtime says that its network is not ready, and what it says of its last load of the configuration names the file; or the file that it takes cannot be used, or, where it skips such files, none of them all can. containerd does not notice a file that is only created: it then goes on with what it has loaded until its next start.',
    neverReports: [
      'a file that is not used anyway, since a sound one comes before it, or the runtime skips it (info)',
      'a file that is being written: it is younger than --min-age, and the network is ready',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniConf'],
    wants: ['runtime', 'host', 'runtimeConfig', 'nodeImage'],
    messages: {
      first: '{{problem}}. It comes first, and {{runtime}} takes no other{{others}}',
      refused: '{{runtime}} cannot use {{path}}: {{said}}',
      alone: '{{problem}}. {{runtime}} skips it, and there is no configuration that it can use',
      afterRestart:
        '{{problem}}. It comes first: from its next start on {{runtime}} takes it, and no other, and has no network',
      unused: '{{problem}}. It is harmless, because {{winner}} is used',
    },
    explains: [
      { check: 'runtime/not-ready', same: 'condition' },
      { check: 'runtime/sandboxes-fail', same: 'condition' },
      { check: 'sandbox/network-kept', same: 'condition' },
      { check: 'canary/*', same: 'condition' },
    ],
    references: ['https://github.com/kubernetes/kubeadm/issues/1704'],
  },
  run({ cniConf, ...seen }, { minAgeMs }) {
    const node = pluginNode(seen);
    if ('problems' in node) return { findings: [], ...node };
    const winner = winningConf(cniConf);
    const { files } = cniConf;
    const [runtime, host] = [completeValue(seen.runtime), completeValue(seen.host)];
    if (!runtime || !host) return toStart(cniConf, { name: node.runtime, cniLoadErrors: [] });
    const broken = winner && winner.problem !== '' ? [winner] : [];
    if (networkFault(runtime) !== null) {
      if (cniConf.winner === null && files.every(({ problem }) => problem !== ''))
        return files.map((file) => finding('alone', file, files, runtime));
      const named = files.filter(({ path }) => runtime.cniLoadErrors.some((text) => names(text, path)));
      return [...new Set([...broken, ...named])].map((file) =>
        finding(file.problem === '' ? 'refused' : 'first', file, files, runtime),
      );
    }
    if (winner !== undefined && winner.problem === '')
      return files.filter(({ problem }) => problem !== '').map((file) => unused(file, winner));
    const loaded = runtime.cniNetworks?.map(({ name }) => name) ?? [];
    const hasAnother = files.some(({ problem, name }) => problem === '' && loaded.includes(name));
    return broken
      .filter(({ mtime }) => hasAnother && isOldFile(host, mtime ?? host.now, minAgeMs))
      .map((file) => ({ ...finding('afterRestart', file, files, runtime), severity: 'warning' as const }));
  },
});

/** What the runtime of a node image will make of its files. */
function toStart({ files, winner }: CniConfFact, runtime: Loader): Finding[] {
  const taken = files.find(({ path }) => path === winner);
  if (taken === undefined) return files.map((file) => finding('alone', file, files, runtime));
  if (taken.problem !== '') return [finding('first', taken, files, runtime)];
  return files.filter(({ problem }) => problem !== '').map((file) => unused(file, taken));
}

type Loader = Pick<RuntimeFact, 'name' | 'cniLoadErrors'>;

/** The path stands in the text as a whole, not as the beginning of another one. */
function names(text: string, path: string): boolean {
  const after = text[text.indexOf(path) + path.length] ?? '';
  return text.includes(path) && !/[\w.-]/.test(after);
}

function finding(
  messageId: string,
  file: CniConfFile,
  files: readonly CniConfFile[],
  runtime: Loader,
): Finding {
  const { path, problem } = file;
  const sound = files.filter((other) => other !== file && other.problem === '').map((other) => other.path);
  const said = runtime.cniLoadErrors.find((text) => names(text, path)) ?? '';
  return {
    messageId,
    subject: { kind: 'file', id: path },
    data: {
      condition: 'NetworkReady',
      runtime: runtime.name,
      path,
      problem: causeOf(problem),
      said,
      others: sound.length > 0 ? `: not even ${sound.join(', ')}` : '',
    },
    evidence: [
      { fact: 'cniConf', at: path, value: problem || 'sound, as podctl reads it' },
      ...runtime.cniLoadErrors.map((value) => ({
        fact: 'runtime' as const,
        at: 'last load of the CNI configuration',
        value,
      })),
    ],
    advice: [
      {
        title:
          sound.length > 0
            ? 'Mend the file, or move it out of the folder: the next one is then taken at once'
            : 'Mend the file, or have the agent of the network write it anew',
        risk: 'disruptive',
        commands: [sound.length > 0 ? ['mv', path, `/root/${baseName(path)}`] : ['cat', path]],
      },
    ],
  };
}

function unused({ path, problem }: CniConfFile, winner: CniConfFile): Finding {
  return {
    messageId: 'unused',
    severity: 'info',
    subject: { kind: 'file', id: path },
    data: { path, problem: causeOf(problem), winner: winner.path },
    evidence: [
      { fact: 'cniConf', at: path, value: problem },
      { fact: 'cniConf', at: winner.path, value: `network ${winner.name}` },
    ],
  };
}

/** Without the advice that follows it. */
function causeOf(problem: string): string {
  return problem.split('; ')[0] ?? problem;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
