import { isDeepStrictEqual } from 'node:util';
import type { ReadHost } from '../host/read-host.ts';
import type { CniCacheFact, CniConfFact, CniRules, Daemon, FirewallFact } from '../model/facts.ts';
import type { NsId } from '../model/namespace.ts';
import { absent, complete, type Gathered, partial } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';
import { readRules, type Wanted } from './firewall/read-rules.ts';
import { knownValue } from './known-value.ts';
import { listedIds } from './listed-ids.ts';
import { summarize } from './problems.ts';

/** What the plugins portmap, bridge and ptp wrote into the node's firewall. */
export const firewallCollector: Collector<'firewall'> = {
  fact: 'firewall',
  summary: "rules of CNI plugins in the node's firewall: ports that lead into pods, and masquerading",
  timeoutMs: 8000,
  needs: ['daemons', 'cniConf', 'cniCache'],
  collect(context) {
    return collectFirewall(context);
  },
  async confirm(context, fact) {
    // What somebody lists is nobody's orphan, and needs no second look.
    const listed = listedIds(context.known);
    const isListed = ({ containerId }: CniRules) => listed.has(containerId);
    if (fact.rules.every(isListed))
      return { ...fact, rules: fact.rules.map((one) => ({ ...one, confirmed: true })) };
    const { rules } = await read(context);
    const same = (one: CniRules) => rules.some((now) => isDeepStrictEqual(now, one));
    return { ...fact, rules: fact.rules.map((one) => ({ ...one, confirmed: isListed(one) || same(one) })) };
  },
};

async function collectFirewall(context: CollectContext): Promise<Gathered<FirewallFact>> {
  const { host, known } = context;
  if (host.root !== '') return absent(`the firewall of the node below ${host.root} is not read`);
  if (!isOnNode(host, knownValue(known('daemons')) ?? []))
    return absent("podctl is not in the node's network namespace, and sees another firewall");
  const { problems, ...fact } = await read(context);
  const { families, legacy } = wantedOf(context);
  if (families.length + legacy.length > 0 && fact.read.length === 0 && problems.length === 0)
    return absent('neither iptables-save nor nft is on this node');
  return problems.length === 0 ? complete(fact) : partial(fact, summarize(problems));
}

/** In the network namespace of a runtime, or of PID 1 where there is none, or that one may not be seen. */
function isOnNode(host: ReadHost, daemons: readonly Daemon[]): boolean {
  const pids = daemons.filter(({ kind }) => kind === 'containerd' || kind === 'crio').map(({ pid }) => pid);
  const own = host.nsId('/proc/self/ns/net');
  const places = (pids.length > 0 ? pids : [1]).flatMap((pid) => netnsOf(host, pid) ?? []);
  return places.length === 0 || places.includes(own);
}

function netnsOf(host: ReadHost, pid: number): NsId | null {
  try {
    return host.nsId(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}

function read(context: CollectContext) {
  return readRules(context.host, wantedOf(context), process.env.PATH, context.signal);
}

/** Nothing where no plugin that writes rules is configured or was, and the kernel has no table of the older kind. */
function wantedOf({ host, known }: CollectContext): Wanted {
  const conf = knownValue(known('cniConf'));
  const cache = knownValue(known('cniCache'));
  const has = (family: 'ip' | 'ip6') => (family === 'ip6' ? usesSix(conf, cache) : true);
  const both = ['ip', 'ip6'] as const;
  return {
    families: mayWrite(conf, cache) ? both.filter(has) : [],
    legacy: both.filter((family) => hasNatTable(host, family)),
  };
}

function mayWrite(conf: CniConfFact | undefined, cache: CniCacheFact | undefined): boolean {
  return (
    (conf?.files ?? []).some(({ plugins }) => plugins.some(({ does }) => does?.ports || does?.masquerade)) ||
    (cache?.entries ?? []).some(({ rules }) => rules && (rules.masquerade || rules.ports.length > 0))
  );
}

function usesSix(conf: CniConfFact | undefined, cache: CniCacheFact | undefined): boolean {
  const ranges = (conf?.files ?? []).flatMap(({ plugins }) =>
    plugins.flatMap(({ ipam }) => ipam?.ranges ?? []),
  );
  return (
    ranges.some(({ subnet }) => subnet.includes(':')) ||
    (cache?.entries ?? []).some(
      ({ ifName, addresses }) => ifName !== 'lo' && addresses.some((a) => a.includes(':')),
    )
  );
}

/** Reading this makes no table, as iptables itself would. */
function hasNatTable(host: ReadHost, family: 'ip' | 'ip6'): boolean {
  try {
    return host.readKernel(`/proc/net/${family}_tables_names`).split('\n').includes('nat');
  } catch {
    return false;
  }
}
