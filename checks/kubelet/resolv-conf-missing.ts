import { completeValue, defineCheck, type Finding, problem } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'kubelet/resolv-conf-missing',
    title: 'The resolv.conf that kubelet gives to pods is there',
    failureTitle: 'The resolv.conf that kubelet gives to pods is not there',
    why: 'kubelet reads this file for every pod before it asks for a sandbox, whatever the pod says of DNS. Without it no new pod starts, and the runtime is never asked.',
    proof:
      "The name comes from kubelet's flag, else from its configuration file and drop-ins, else it is /etc/resolv.conf; the file is looked for with its links followed below the node's root.",
    neverReports: [
      'an empty name, with which kubelet reads no file',
      'a link that leads to a file',
      'a file that is written when the node starts, in a node image',
      'the default name on a node where no kubelet runs: nobody set kubelet up to read it',
    ],
    severity: 'error',
    tags: ['kubelet', 'config'],
    needs: ['kubeletConfig'],
    wants: ['kubelet'],
    messages: {
      missing: 'New pods cannot start: kubelet reads {{path}} for each of them, and it is not there',
      missingAtStart:
        'New pods will not start once kubelet is started anew: it will read {{path}} for each of them, and it is not there',
    },
    references: [
      'https://github.com/kubernetes/kubernetes/issues/103110',
      'https://github.com/labring/sealos/issues/1620',
    ],
  },
  run({ kubeletConfig: { resolver, files }, kubelet }) {
    if (resolver === null || resolver.state === 'there' || resolver.state === 'atBoot') return [];
    const { value: path, at, origin, leadsTo } = resolver;
    if (resolver.state === 'unseen') {
      const why = `whether ${path} is there for kubelet could not be seen`;
      return { findings: [], problems: [problem('unavailable', why, path)] };
    }
    const running = completeValue(kubelet);
    if (kubelet.status === 'absent' && origin === 'default') return [];
    const changed = origin === 'file' && running && files.some((f) => f.mtime > running.startedAt);
    const isInForce = kubelet.status !== 'absent' && !changed;
    const finding: Finding = {
      messageId: isInForce ? 'missing' : 'missingAtStart',
      severity: isInForce ? 'error' : 'warning',
      subject: { kind: 'file', id: path },
      data: { path, at, leadsTo },
      evidence: [
        { fact: 'kubeletConfig', at, value: path },
        {
          fact: 'kubeletConfig',
          at: path,
          value: leadsTo === path ? 'not there' : `leads to ${leadsTo}, which is not there`,
        },
      ],
      advice: [adviceFor(leadsTo, at)],
    };
    return [finding];
  },
});

function adviceFor(leadsTo: string, at: string) {
  if (leadsTo.startsWith('/run/systemd/resolve/'))
    return {
      title: `Start systemd-resolved, which writes it; or name another file in ${at} and restart kubelet`,
      risk: 'disruptive' as const,
      commands: [['systemctl', 'start', 'systemd-resolved.service']],
    };
  return {
    title: `Make the file, or name one that is there with resolvConf (now: ${at}), and restart kubelet`,
    risk: 'disruptive' as const,
    commands: [['systemctl', 'restart', 'kubelet.service']],
  };
}
