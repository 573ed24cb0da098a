import type {
  HostFact,
  Pin,
  PinsFact,
  PodmanContainer,
  PodmanFact,
  Process,
  Reservation,
  ReservationsFact,
} from '../model/facts.ts';
import { attachmentsOf, pinBornAt } from './pins.ts';
import { inhabitedNetns, initProcesses, isAlive, runPath } from './process.ts';

interface PodmanPins {
  podman: PodmanFact;
  pins: PinsFact;
  processes: Process[];
  host: HostFact;
}

/** Pins in podman's naming that nothing uses and nobody names. */
export function leakedPodmanPins({ podman, pins, processes, host }: PodmanPins, minAgeMs: number): Pin[] {
  const containers = podman.places.flatMap((place) => place.containers);
  const named = new Set(containers.map(({ netns }) => runPath(netns)));
  const ids = new Set(containers.map(({ id }) => id));
  const inhabited = inhabitedNetns(processes);
  const isBeingMade = (pin: Pin) =>
    processes.some(({ cni }) => cni !== null && runPath(cni.netns) === runPath(pin.path));
  return pins.pins.filter(
    (pin) =>
      pin.scheme === 'podman' &&
      pin.type === 'net' &&
      pin.confirmed &&
      pin.ns !== null &&
      !inhabited.has(pin.ns) &&
      pin.ns !== host.init.net &&
      pin.ns !== host.self.net &&
      !named.has(runPath(pin.path)) &&
      !attachmentsOf(pins, pin).some(({ containerId }) => ids.has(containerId)) &&
      !isBeingMade(pin) &&
      host.now - pinBornAt(pins, pin, host) >= minAgeMs,
  );
}

/** An infra container that holds an address for nobody. */
export interface IdleInfra {
  infra: PodmanContainer;
  pid: number;
  reservation: Reservation;
  /** Containers of its pod that run in other networks. */
  members: { name: string; pid: number }[];
}

/** Infra containers that are alone in a network of their own while the others of their pod run elsewhere. */
export function idleInfras({
  podman,
  processes,
  reservations: { reservations },
  host,
}: Omit<PodmanPins, 'pins'> & { reservations: ReservationsFact }): IdleInfra[] {
  const inits = initProcesses(processes, undefined);
  const containers = podman.places.flatMap((place) => place.containers);
  return containers.flatMap((infra) => {
    const init = infra.isInfra && infra.podId !== null ? inits.get(infra.id) : undefined;
    const reservation = reservations.find(({ containerId }) => containerId === infra.id);
    const net = init?.ns.net ?? null;
    if (!init || !reservation || net === null || net === host.init.net) return [];
    const isAlone = processes.every((p) => p.ns.net !== net || !isAlive(p) || p.containerId === infra.id);
    const members = containers
      .filter(({ id, podId }) => podId === infra.podId && id !== infra.id)
      .flatMap(({ id, name }) => {
        const member = inits.get(id);
        return member && member.ns.net !== null ? [{ name, pid: member.pid }] : [];
      });
    return isAlone && members.length > 0 ? [{ infra, pid: init.pid, reservation, members }] : [];
  });
}
