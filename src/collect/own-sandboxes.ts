import { problemOf, type ReadHost } from '../host/read-host.ts';
import type { NetworkSeen } from '../model/network.ts';
import { complete, type Gathered, type Problem, problem } from '../model/outcome.ts';
import type { OwnSandbox } from '../model/own-facts.ts';
import { CLAIMS } from './claims.ts';
import type { Collector } from './collector.ts';
import { networkPart } from './network-part.ts';
import { readOwn } from './own-records.ts';

/** State folder of podctl's own sandboxes, unless PODCTL_STATE_DIR names another. */
export const OWN_STATE = '/run/podctl';

/** podctl's own sandboxes. Read before the processes, as every list of owners is. */
export const ownSandboxesCollector: Collector<'ownSandboxes'> = {
  fact: 'ownSandboxes',
  summary: "podctl's own sandboxes: their records, and what their networks hold",
  timeoutMs: 5000,
  after: CLAIMS,
  async collect({ host, look, signal }) {
    const state = look.env.PODCTL_STATE_DIR || OWN_STATE;
    try {
      return await withNetworks(host, readOwn(host, state, bootIdOf(host)), signal);
    } catch (error) {
      return { status: 'failed', problem: problemOf(error, state) };
    }
  },
};

function bootIdOf(host: ReadHost): string | null {
  try {
    return host.readKernel('/proc/sys/kernel/random/boot_id').trim();
  } catch {
    return null;
  }
}

/** Looks into the network of each ready sandbox, all in one go. What cannot be seen is null, with a problem. */
async function withNetworks(
  host: ReadHost,
  sandboxes: OwnSandbox[],
  signal: AbortSignal,
): Promise<Gathered<OwnSandbox[]>> {
  const problems = sandboxes
    .filter((s) => s.problem !== '')
    .map((s) => problem('malformed', s.problem, s.id));
  const places = new Map(sandboxes.flatMap((s) => placeOf(s)));
  if (places.size === 0) return complete(sandboxes, problems);
  if (host.root !== '')
    return complete(sandboxes, [
      ...problems,
      problem('denied', 'networks are looked into on the node itself only'),
    ]);
  const { probeNetworks } = await import('../native/probe.ts');
  const own = `/proc/${process.pid}/ns/net`;
  const probed = await probeNetworks([own, ...places.values()], { signal, listeners: false });
  if (!probed.ok) return complete(sandboxes, [...problems, probed.problem]);
  const seen = new Map(probed.value.map((p) => [p.path, p]));
  const node = seen.get(own)?.network ?? null;
  const unseen: Problem[] = [];
  for (const sandbox of sandboxes) {
    const found = seen.get(places.get(sandbox.id) ?? '');
    if (found?.problem) unseen.push(problem(found.problem.code, found.problem.message, sandbox.id));
    sandbox.inside = found?.network ? networkPart(found.network) : null;
    sandbox.outside = sandbox.inside && node && networkPart(node, (link) => isBeside(sandbox, link));
  }
  return complete(sandboxes, [...problems, ...unseen]);
}

/** A pause that runs knows its network even where the pin is lost. */
function placeOf({ id, phase, pauseRuns, pause }: OwnSandbox): [string, string][] {
  return phase === 'ready' && pauseRuns && pause ? [[id, `/proc/${pause.pid}/ns/net`]] : [];
}

type Link = NetworkSeen['links'][number];

/** A node has many links; those at the other end of the sandbox's own, and the bridge, are enough. */
function isBeside({ inside, attachment }: OwnSandbox, link: Link): boolean {
  const named = attachment?.interfaces.some((i) => !i.inside && i.name === link.name) ?? false;
  return named || (inside?.links.some((l) => l.peerIndex !== 0 && l.peerIndex === link.index) ?? false);
}
