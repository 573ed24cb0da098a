import {
  type CniCredential,
  defineCheck,
  type Finding,
  type HostFact,
  optionOf,
  winningConf,
} from '../../src/api.ts';

const OPTIONS = {
  warnHours: {
    default: 0,
    min: 0,
    max: 8760,
    describe: 'So long before its end a credential is a warning; tokens of agents may live for a day only',
  },
} as const;

const HOUR_MS = 3_600_000;

export default defineCheck({
  meta: {
    id: 'cni/credentials-expired',
    title: "The pod network's plugin can show itself to the API server",
    failureTitle: "The pod network's plugin cannot show itself to the API server",
    why: "Calico and Multus ask the API server for every pod, with a token that their agent writes to the node and renews. When it does not, ADD and DEL fail with 'Unauthorized': new pods wait, old ones stay Terminating.",
    proof:
      'The kubeconfig that the configuration in force names is missing, is none, or holds a token or client certificate whose own end lies before the clock of the node. The end alone is kept, never the secret.',
    neverReports: [
      'tokens without an end, and those that are no JSON web tokens',
      'kubeconfigs of configurations that are not in force',
      'credentials that are still good, however short their life is, unless the configuration says how early to warn',
    ],
    severity: 'error',
    tags: ['cni'],
    needs: ['cniAgents', 'cniConf', 'runtime', 'host'],
    options: OPTIONS,
    messages: {
      expired: 'the {{kind}} of {{plugin}} in {{path}} expired {{since}} ago: the API server refuses it',
      ending: 'the {{kind}} of {{plugin}} in {{path}} expires in {{left}}, and was not renewed yet',
      missing: '{{path}}, with which {{plugin}} asks the API server, is missing',
      malformed: '{{path}}, with which {{plugin}} asks the API server, cannot be used: {{what}}',
    },
    explains: [{ check: 'canary/*', same: 'network' }],
    references: [
      'https://github.com/projectcalico/calico/issues/5712',
      'https://github.com/projectcalico/calico/issues/9428',
    ],
  },
  run({ cniAgents, cniConf, host }, settings) {
    const earlyMs = optionOf(settings, OPTIONS, 'warnHours') * HOUR_MS;
    const network = winningConf(cniConf)?.name;
    return cniAgents.credentials
      .filter((one) => one.network === network)
      .flatMap((one) => {
        if (one.state !== 'read') return [finding(one.state, one, host)];
        if (one.expiresAt === null || one.expiresAt > host.now + earlyMs) return [];
        return [finding(one.expiresAt <= host.now ? 'expired' : 'ending', one, host)];
      });
  },
});

function finding(
  messageId: string,
  { plugin, network, path, kind, expiresAt, mtime, state }: CniCredential,
  { now }: HostFact,
): Finding {
  return {
    messageId,
    ...(messageId === 'ending' && { severity: 'warning' as const }),
    subject: { kind: 'file', id: path, name: plugin },
    data: {
      plugin,
      network,
      path,
      kind: kind === 'certificate' ? 'client certificate' : kind,
      since: spanText(now - (expiresAt ?? now)),
      left: spanText((expiresAt ?? now) - now),
      what: kind === 'certificate' ? 'its client certificate is none' : 'it is no kubeconfig with a user',
    },
    evidence: [
      {
        fact: 'cniAgents',
        at: path,
        value: expiresAt === null ? state : `good until ${timeText(expiresAt)}`,
      },
      ...(mtime > 0 ? [{ fact: 'cniAgents' as const, at: `${path}, written`, value: timeText(mtime) }] : []),
      { fact: 'host', at: 'clock of the node', value: timeText(now) },
    ],
    advice: [
      {
        title: `Compare the clock first, then restart the agent of ${plugin}, which writes the file anew`,
        risk: 'safe',
        commands: [['date'], ['ls', '-l', path]],
      },
    ],
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

function spanText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
