import type {
  Bundle,
  CniCacheFact,
  CniConfFact,
  Container,
  Daemon,
  EndpointsFact,
  HostFact,
  NetworksFact,
  OwnSandbox,
  PinsFact,
  Process,
  Reservation,
  ReservationsFact,
  RuntimeFact,
  Sandbox,
  StoreFact,
} from '../model/facts.ts';
import { completeValue, type Outcome, type Problem, problem } from '../model/outcome.ts';
import { sameAddress } from './address.ts';
import { clockWasSet, isOldFile } from './age.ts';
import { cniScope, isSandboxId } from './cni-scope.ts';
import { inhabitedAddresses } from './networks.ts';
import { isOwned, isProblem, ownersOf } from './owners.ts';
import { initProcesses } from './process.ts';

/** What it takes to know that nobody owns an address. */
export interface ReservationWitnesses {
  reservations: ReservationsFact;
  sandboxes: Sandbox[];
  processes: Process[];
  pins: PinsFact;
  host: HostFact;
  endpoints: EndpointsFact;
  runtime: Outcome<RuntimeFact>;
  containers: Outcome<Container[]>;
  store: Outcome<StoreFact>;
  bundles: Outcome<Bundle[]>;
  ownSandboxes: Outcome<OwnSandbox[]>;
  daemons: Outcome<Daemon[]>;
  cniCache: Outcome<CniCacheFact>;
  cniConf: Outcome<CniConfFact>;
  networks: Outcome<NetworksFact>;
}

/** Reservations that nobody owns, and networks of which that cannot be said. */
export interface LeakedReservations {
  leaked: Reservation[];
  problems: Problem[];
}

/** A problem instead where a witness cannot be heard: then no address may be called leaked. */
export function leakedReservations(
  facts: ReservationWitnesses,
  minAgeMs: number,
): LeakedReservations | Problem {
  const { reservations, processes, host } = facts;
  const owners = ownersOf(facts);
  if (isProblem(owners)) return owners;
  const pauses = initProcesses(processes, completeValue(facts.bundles));
  if (clockWasSet(host, facts.sandboxes, (id) => pauses.get(id)))
    return problem('unavailable', 'the clock was set since boot: the age of files cannot be told');
  const reserved = { status: 'complete' as const, value: reservations, ms: 0 };
  const scope = cniScope({ ...facts, reservations: reserved }, owners);
  const used = inhabitedAddresses(processes, completeValue(facts.networks));
  const isLeaked = (r: Reservation) =>
    r.confirmed &&
    r.address !== null &&
    !used.has(sameAddress(r.address)) &&
    isOldFile(host, r.mtime, minAgeMs) &&
    scope.hasReservation(r) &&
    (r.state === 'empty' ||
      (r.state === 'whole' && isSandboxId(r.containerId ?? '') && !isOwned(owners, r.containerId ?? '')));
  const leaked = reservations.reservations.filter(isLeaked);
  // Who cannot look into the namespaces cannot say that nobody answers for an address there.
  const unseen = facts.networks.status === 'failed' || facts.networks.status === 'partial';
  if (unseen && leaked.length > 0)
    return problem('unavailable', 'network namespaces were not all seen: an address may still be in use');
  return { leaked, problems: scope.problems };
}
