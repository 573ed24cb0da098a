import { sameRunPath } from '../../derive/process.ts';
import { sandboxName, sandboxViews } from '../../derive/sandbox-view.ts';
import { unrecordedAddresses } from '../../derive/unrecorded-addresses.ts';
import type { Process, RuntimeFact, StoreFact } from '../../model/facts.ts';
import { compareVersions } from '../../model/pause-versions.ts';
import type { RemedyRequest } from '../remedy.ts';
import { known, knownOrNot } from './known.ts';

const FORGETS_FROM = '1.6.9';
const FORGETS_UNTIL = '1.6.14';
const STOPPED = ['T', 't', 'D'];

/** That a runtime must be restarted, which nobody does for the operator, and what speaks against doing it now. */
export function restartNotes(request: RemedyRequest, runtime: RuntimeFact): string[] {
  if (runtime.name !== 'containerd')
    return [
      `${runtime.name} takes it over on a reload (systemctl reload crio); sandboxes that run keep their image`,
    ];
  const store = knownOrNot(request, 'store');
  const processes = knownOrNot(request, 'processes');
  const hazards = [
    ...(store ? sameNames(store) : []),
    ...(processes ? hungShims(processes, runtime.endpoint) : []),
    ...(forgets(runtime.version) ?? unrecorded(request)),
  ];
  const unseen =
    store && processes ? [] : ['whether a restart is safe was not looked at: run podctl doctor first'];
  return [
    'containerd reads it at its next start (systemctl restart containerd); sandboxes that run keep their image',
    ...[...hazards, ...unseen].map((hazard) => `before that restart: ${hazard}`),
  ];
}

/** With two records of one name containerd does not start again, and 2.x may kill pauses while it tries. */
function sameNames({ records }: StoreFact): string[] {
  const seen = new Map<string, string>();
  const twice: string[] = [];
  for (const { id, kind, name } of records) {
    if (kind !== 'sandbox' || name === null) continue;
    const first = seen.get(name);
    if (first !== undefined)
      twice.push(
        `${first.slice(0, 13)} and ${id.slice(0, 13)} have one name, with which containerd does not start`,
      );
    seen.set(name, id);
  }
  return twice;
}

/** A shim that does not answer is taken for dead at the start, and its pod is killed. */
function hungShims(processes: readonly Process[], endpoint: string): string[] {
  return processes
    .filter(
      ({ shim, state }) => shim !== null && sameRunPath(shim.address, endpoint) && STOPPED.includes(state),
    )
    .map(
      ({ pid, state, shim }) =>
        `shim ${pid} of sandbox ${shim?.id.slice(0, 13)} hangs (state ${state}): containerd would kill its pod`,
    );
}

/** What its records lack a runtime does not know after a restart, whatever its version. */
function unrecorded(request: RemedyRequest): string[] {
  const found = known(request, 'sandboxes', 'processes', 'endpoints', 'store', 'networks');
  if ('refusal' in found) return [];
  const lost = unrecordedAddresses(sandboxViews(found.known), found.known.networks);
  const names = lost.map(({ view }) => sandboxName(view.id, view.meta));
  return names.length === 0
    ? []
    : [
        `containerd did not record the address of ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}: kubelet makes such pods anew after it`,
      ];
}

function forgets(version: string): string[] | null {
  const isOne = compareVersions(version, FORGETS_FROM) >= 0 && compareVersions(version, FORGETS_UNTIL) < 0;
  return isOne
    ? [
        `containerd ${version} forgets the address of every pod when it restarts, and kubelet makes them all anew: update it first`,
      ]
    : null;
}
