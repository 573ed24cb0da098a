import type { CniRules } from '../../model/facts.ts';
import { isObject } from '../../model/shape.ts';

/** The tables of portmap and of the plugins that masquerade, and the chain of each that holds a rule for each attachment. */
export const NFT_TABLES = ['cni_hostport', 'cni_plugins_masquerade'] as const;
type Table = (typeof NFT_TABLES)[number];

const PURPOSE: Record<Table, CniRules['purpose']> = {
  cni_hostport: 'ports',
  cni_plugins_masquerade: 'masquerade',
};
/** `<hash>-<hash>, net: podnet, if: eth0, id: <container>`, cut off at the longest comment. */
const MASQUERADE_COMMENT = /^[0-9a-f]{16}-[0-9a-f]{16}, net: (.*), if: .*?, id: (.*)$/;
const LONGEST_COMMENT = 128;
const MAX_RULES = 20_000;

type Json = Record<string, unknown>;

/** Families and names of the CNI plugins' tables in what `nft -j list tables` says; null for what is not its own. */
export function parseNftTables(text: string): { family: CniRules['family']; name: Table }[] | null {
  return (
    objectsOf(text, 'table')?.flatMap(({ family, name }) => {
      const table = NFT_TABLES.find((one) => one === name);
      return table && isFamily(family) ? [{ family, name: table }] : [];
    }) ?? null
  );
}

/** What `nft -j list table FAMILY NAME` says about the rules of CNI plugins; null for what is not its own. */
export function parseNftTable(text: string): { rules: CniRules[]; cut: boolean } | null {
  const all = objectsOf(text, 'rule');
  if (all === null) return null;
  const reached = new Set(all.flatMap((rule) => jumpOf(rule)));
  const found = new Map<string, CniRules>();
  for (const rule of all.slice(0, MAX_RULES)) {
    const { family, table: name, chain, handle, comment } = rule;
    const table = NFT_TABLES.find((one) => one === name);
    if (!table || !isFamily(family) || typeof chain !== 'string' || typeof comment !== 'string') continue;
    const key = `${family} ${table} ${comment}`;
    const one = found.get(key) ?? { ...untold(table, comment), family, chain };
    found.set(key, one);
    one.entries.push([family, table, chain, 'handle', String(handle)]);
    one.reached ||= reached.has(chain) || chain === 'masquerading';
    readMatches(one, rule);
  }
  return { rules: [...found.values()], cut: all.length > MAX_RULES };
}

function untold(table: Table, comment: string): Omit<CniRules, 'family' | 'chain'> {
  const [, network = '', id = ''] = MASQUERADE_COMMENT.exec(comment) ?? [];
  const whole = table === 'cni_hostport' ? comment : comment.length < LONGEST_COMMENT ? id : '';
  return {
    backend: 'nftables',
    purpose: PURPOSE[table],
    network,
    containerId: whole,
    address: '',
    ports: [],
    reached: false,
    entries: [],
    confirmed: false,
  };
}

/** Takes address and port from the expressions of a rule. */
function readMatches(one: CniRules, rule: Json): void {
  const expressions = (Array.isArray(rule.expr) ? rule.expr : []).filter(isObject);
  const matches = new Map(expressions.flatMap(matchOf));
  const target = expressions.map(({ dnat }) => dnat).find(isObject);
  if (target) {
    const { addr, port } = target;
    const [protocol] = [...matches.keys()].filter((key) => key.endsWith(' dport'));
    const hostPort = portIn(protocol === undefined ? undefined : matches.get(protocol));
    if (typeof addr !== 'string' || hostPort === 0) return;
    one.address = addr;
    one.ports.push({
      protocol: protocol?.split(' ')[0] ?? '',
      hostIp: String(matches.get('ip daddr') ?? matches.get('ip6 daddr') ?? ''),
      hostPort,
      containerPort: portIn(port),
    });
  } else if (one.purpose === 'masquerade') {
    one.address = String(matches.get('ip saddr') ?? matches.get('ip6 saddr') ?? '');
  }
}

/** 0 for what is no port. */
function portIn(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536 ? value : 0;
}

/** `ip saddr` and what it is compared with, where that is one value. */
function matchOf({ match }: Json): [string, string | number][] {
  if (!isObject(match) || !isObject(match.left) || !isObject(match.left.payload)) return [];
  const { protocol, field } = match.left.payload;
  const { right } = match;
  return typeof right === 'string' || typeof right === 'number' ? [[`${protocol} ${field}`, right]] : [];
}

/** Names of chains that a rule leads to. */
function jumpOf({ expr }: Json): string[] {
  return (Array.isArray(expr) ? expr : []).filter(isObject).flatMap(({ jump, goto: go }) => {
    const target = isObject(jump) ? jump.target : isObject(go) ? go.target : undefined;
    return typeof target === 'string' ? [target] : [];
  });
}

function objectsOf(text: string, kind: 'table' | 'rule'): Json[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed) || !Array.isArray(parsed.nftables)) return null;
    return parsed.nftables.filter(isObject).flatMap((one) => {
      const value = one[kind];
      return isObject(value) ? [value] : [];
    });
  } catch {
    return null;
  }
}

function isFamily(value: unknown): value is CniRules['family'] {
  return value === 'ip' || value === 'ip6' || value === 'inet';
}
