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
  const all: RulesRead = { rules: [], read: [], problems: [] };
  const find = (...names: string[]) => findProgram(host, names, searched);
  const families = [...new Set([...wanted.families, ...wanted.legacy])];
  const saves = families.flatMap((family) => {
    const tool = family === 'ip' ? 'iptables' : 'ip6tables';
    const isLegacy = wanted.legacy.includes(family);
    const legacy = isLegacy ? find(`${tool}-legacy-save`) : null;
    const usual = find(`${tool}-nft-save`, `${tool}-save`);
    const nft = wanted.families.includes(family) || (isLegacy && legacy === null) ? usual : null;
    return [legacy, nft].flatMap((program) => (program === null ? [] : [{ program, family }]));
  });
  const nft = wanted.families.length > 0 ? find('nft') : null;
  await Promise.all([
    ...saves.map(({ program, family }) => {
      const kind = kindOf(host, program);
      const isNamed = kind === 'iptables-nft' || wanted.legacy.includes(family);
      return readSave({ program, family, kind, args: isNamed ? ['-t', 'nat'] : [] }, all, signal);
    }),
    ...(nft === null ? [] : [readNft(nft, all, signal)]),
  ]);
  for (const family of wanted.legacy)
    if (!all.read.some((one) => one.backend === 'iptables-legacy' && one.family === family)) {
      const name = family === 'ip' ? 'iptables' : 'ip6tables';
      const message = `the kernel has rules of ${name}-legacy, and no program that shows them`;
      all.problems.push(problem('unavailable', message, name));
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

/** Of a program that goes by the usual name: what the link leads to tells. */
function kindOf(host: ReadHost, program: string): FirewallBackend {
  return realPathOr(host, program).includes('nft') ? 'iptables-nft' : 'iptables-legacy';
}

async function readSave(
  { program, family, kind, args }: Save,
  all: RulesRead,
  signal: AbortSignal,
): Promise<void> {
  const text = await output(program, args, all.problems, signal);
  if (text === null) return;
  // Where there is no table there is nothing to show.
  const parsed = text.trim() === '' ? undefined : parseIptablesSave(text, family);
  if (parsed === null) {
    all.problems.push(problem('malformed', `${program} shows something else than rules`, program));
  } else if (parsed && all.read.some((one) => one.backend === parsed.backend && one.family === family)) {
    // Another name of the same program.
  } else if (parsed) {
    all.read.push({ backend: parsed.backend, family, program });
    all.rules.push(...parsed.rules);
    if (parsed.cut)
      all.problems.push(problem('truncated', `${program} shows more rules than are kept`, program));
  } else all.read.push({ backend: kind, family, program });
}

async function readNft(program: string, all: RulesRead, signal: AbortSignal): Promise<void> {
  const listed = await output(program, ['-j', 'list', 'tables'], all.problems, signal);
  if (listed === null) return;
  const tables = parseNftTables(listed);
  if (tables === null) {
    all.problems.push(problem('malformed', `${program} shows something else than tables`, program));
    return;
  }
  const families = new Set<Family>(['ip', 'ip6', 'inet']);
  await Promise.all(
    tables.map(async ({ family, name }) => {
      const text = await output(program, ['-j', 'list', 'table', family, name], all.problems, signal);
      const parsed = text === null ? null : parseNftTable(text);
      if (parsed) all.rules.push(...parsed.rules);
      else {
        families.delete(family);
        if (text !== null)
          all.problems.push(problem('malformed', `${program} shows something else than ${name}`, program));
      }
      if (parsed?.cut)
        all.problems.push(problem('truncated', `${name} has more rules than are kept`, program));
    }),
  );
  all.read.push(...[...families].map((family) => ({ backend: 'nftables' as const, family, program })));
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
