import type { ReadHost } from '../../host/read-host.ts';
import type { CniRules, FirewallBackend, FirewallFact } from '../../model/facts.ts';
import { type Problem, problem } from '../../model/outcome.ts';
import { realPathOr } from '../real-path.ts';
import { parseIptablesSave } from './iptables-save.ts';
import { parseNftTable, parseNftTables } from './nft-json.ts';
import { findProgram } from './programs.ts';

const RUN_MS = 3000;
/** kube-proxy may have a hundred thousand rules in the same table. */
const MAX_OUTPUT = 32 * 1024 * 1024;

type Family = CniRules['family'];

/** What is worth looking for: each look costs the start of a program. */
export interface Wanted {
  /** Families that pods have addresses of, when some plugin may have written rules for them. */
  families: ('ip' | 'ip6')[];
  /** Families in which the kernel has a NAT table of the older kind. */
  legacy: ('ip' | 'ip6')[];
}

export interface RulesRead extends FirewallFact {
  problems: Problem[];
}

/** Reads the rules of CNI plugins with the programs that are there, and nothing else of the firewall. */
export async function readRules(
  host: ReadHost,
  wanted: Wanted,
  searched: string | undefined,
  signal: AbortSignal,
): Promise<RulesRead> {
  const find = (...names: string[]) => findProgram(host, names, searched);
  const nft = wanted.families.length > 0 ? find('nft') : null;
  const parts = await Promise.all([
    ...savesOf(host, wanted, find).map((save) => readSave(save, signal)),
    ...(nft === null ? [] : [readNft(nft, signal)]),
  ]);
  const all = nothing();
  for (const { rules, read, problems } of parts) {
    // Two names of one program.
    const isKnown = read.some((one) =>
      all.read.some((k) => k.backend === one.backend && k.family === one.family),
    );
    if (!isKnown) {
      all.rules.push(...rules);
      all.read.push(...read);
    }
    all.problems.push(...problems);
  }
  for (const family of wanted.legacy)
    if (!all.read.some((one) => one.backend === 'iptables-legacy' && one.family === family)) {
      const message = `the kernel has rules of ${toolOf(family)}-legacy, and no program that shows them`;
      all.problems.push(problem('unavailable', message, toolOf(family)));
    }
  return all;
}

interface Save {
  program: string;
  family: 'ip' | 'ip6';
  kind: FirewallBackend;
  /** The older kind makes the table that it is asked for, unless it is asked for whatever is there. */
  args: string[];
}

function savesOf(host: ReadHost, wanted: Wanted, find: (...names: string[]) => string | null): Save[] {
  return [...new Set([...wanted.families, ...wanted.legacy])].flatMap((family) => {
    const tool = toolOf(family);
    const hasLegacy = wanted.legacy.includes(family);
    const legacy = hasLegacy ? find(`${tool}-legacy-save`) : null;
    const isAsked = wanted.families.includes(family) || (hasLegacy && legacy === null);
    const other = isAsked ? find(`${tool}-nft-save`, `${tool}-save`) : null;
    const isSame = legacy !== null && other !== null && realPathOr(host, legacy) === realPathOr(host, other);
    return [legacy, isSame ? null : other].flatMap((program) => {
      if (program === null) return [];
      const kind = kindOf(host, program);
      const args = kind === 'iptables-nft' || hasLegacy ? ['-t', 'nat'] : [];
      return [{ program, family, kind, args }];
    });
  });
}

/** Of a program that goes by the usual name: what the link leads to tells. */
function kindOf(host: ReadHost, program: string): FirewallBackend {
  return realPathOr(host, program).includes('nft') ? 'iptables-nft' : 'iptables-legacy';
}

function toolOf(family: 'ip' | 'ip6'): string {
  return family === 'ip' ? 'iptables' : 'ip6tables';
}

function nothing(): RulesRead {
  return { rules: [], read: [], problems: [] };
}

async function readSave({ program, family, kind, args }: Save, signal: AbortSignal): Promise<RulesRead> {
  const part = nothing();
  const text = await output(program, args, part.problems, signal);
  if (text === null) return part;
  // Where there is no table there is nothing to show.
  if (text.trim() === '') return { ...part, read: [{ backend: kind, family, program }] };
  const parsed = parseIptablesSave(text, family);
  if (parsed === null) {
    part.problems.push(problem('malformed', `${program} shows something else than rules`, program));
    return part;
  }
  if (parsed.cut)
    part.problems.push(problem('truncated', `${program} shows more rules than are kept`, program));
  return { ...part, rules: parsed.rules, read: [{ backend: parsed.backend, family, program }] };
}

async function readNft(program: string, signal: AbortSignal): Promise<RulesRead> {
  const part = nothing();
  const listed = await output(program, ['-j', 'list', 'tables'], part.problems, signal);
  if (listed === null) return part;
  const tables = parseNftTables(listed);
  if (tables === null) {
    part.problems.push(problem('malformed', `${program} shows something else than tables`, program));
    return part;
  }
  const families = new Set<Family>(['ip', 'ip6', 'inet']);
  for (const { family, name } of tables) {
    const text = await output(program, ['-j', 'list', 'table', family, name], part.problems, signal);
    const parsed = text === null ? null : parseNftTable(text);
    part.rules.push(...(parsed?.rules ?? []));
    if (parsed === null) families.delete(family);
    if (text !== null && parsed === null)
      part.problems.push(problem('malformed', `${program} shows something else than ${name}`, program));
    if (parsed?.cut)
      part.problems.push(problem('truncated', `${name} has more rules than are kept`, program));
  }
  return {
    ...part,
    read: [...families].map((family) => ({ backend: 'nftables' as const, family, program })),
  };
}

/** What a program prints; null, with a problem, where it fails. */
async function output(
  program: string,
  args: string[],
  problems: Problem[],
  signal: AbortSignal,
): Promise<string | null> {
  const { runReporting } = await import('../../host/run-report.ts');
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  const limits = { timeoutMs: RUN_MS, maxOutput: MAX_OUTPUT, signal, env, report: false };
  const ran = await runReporting(program, args, limits);
  if (ran.exitCode === 0) return ran.stdout;
  if (ran.timedOut)
    problems.push(problem('timeout', `${program}: no answer within ${RUN_MS / 1000} s`, program));
  else if (ran.overflowed) problems.push(problem('truncated', `${program} prints too much`, program));
  else {
    const [said = ''] = (ran.startError ?? ran.stderr).trim().split('\n');
    problems.push(problem('unavailable', `${program} failed: ${said}`, program));
  }
  return null;
}
