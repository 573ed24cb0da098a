import type {
  Bundle,
  CniConfFact,
  EndpointsFact,
  HostFact,
  OwnSandbox,
  Pin,
  PinsFact,
  Process,
  RuntimeFact,
  Sandbox,
  StoreFact,
} from '../model/facts.ts';
import { completeValue, type Outcome, type Problem, problem } from '../model/outcome.ts';
import { hasForeignPods, podNetworkOf } from './cni-scope.ts';
import { attachmentsOf, pinBornAt } from './pins.ts';
import { pinsBeside } from './pins-beside.ts';
import { inhabitedNetns, runPath } from './process.ts';

export interface PinWitnesses {
  pins: PinsFact;
  processes: Process[];
  host: HostFact;
  /** While it is not whole, pins of the runtime are not judged. */
  sandboxes: Sandbox[] | Outcome<Sandbox[]>;
  runtime: Outcome<RuntimeFact>;
  store: Outcome<StoreFact>;
  bundles: Outcome<Bundle[]>;
  ownSandboxes: Outcome<OwnSandbox[]>;
  endpoints: EndpointsFact;
  cniConf: Outcome<CniConfFact>;
}

/** A pinned network namespace that nothing uses. */
export interface LeakedPin {
  pin: Pin;
  attachments: PinsFact['attachments'];
  /** Pins of the same sandbox's other namespaces, of which nobody is in any. */
  beside: Pin[];
  /** False: young, or of an age that nothing tells. */
  isOld: boolean;
}

/** Pins of network namespaces in the naming of the runtime or of podctl that nothing uses, whatever their age. */
export function leakedPins(witnesses: PinWitnesses, minAgeMs: number): LeakedPin[] | Problem {
  const { pins, processes, host } = witnesses;
  const sandboxes = Array.isArray(witnesses.sandboxes)
    ? witnesses.sandboxes
    : completeValue(witnesses.sandboxes);
  const name = completeValue(witnesses.runtime)?.name;
  const isContainerd = name === 'containerd';
  const own = completeValue(witnesses.ownSandboxes);
  const schemes = [
    ...(name === undefined || sandboxes === undefined ? [] : [isContainerd ? 'containerd' : 'crio']),
    ...(own ? ['podctl'] : []),
  ];
  const ownPins = new Set(own?.map((s) => runPath(s.pins.net)));
  const isOfRuntime = (pin: Pin) => pin.scheme !== 'podctl';
  // podctl may have other state folders than the one that was read: their pins are not judged.
  const candidates = pins.pins.filter(
    (pin) =>
      pin.type === 'net' &&
      schemes.includes(pin.scheme) &&
      (isOfRuntime(pin) || ownPins.has(runPath(pin.path))),
  );
  const records = isContainerd ? completeValue(witnesses.store) : undefined;
  const dirs = completeValue(witnesses.bundles);
  if (candidates.some(isOfRuntime) && (isContainerd ? records : dirs) === undefined) {
    const why = isContainerd ? "containerd's own store cannot be read" : "CRI-O's folders cannot be read";
    return problem('unavailable', `${why}: an owner may be missing from sight`);
  }
  const ownerIds = new Set([
    ...(sandboxes ?? []).map((s) => s.id),
    ...(records?.records ?? []).map((r) => r.id),
    ...(records?.sandboxes ?? []),
  ]);
  const ownedPaths = new Set([
    ...[...(records?.records ?? []), ...(records?.halves ?? [])].map((r) => runPath(r.netnsPath ?? '')),
    ...(dirs ?? []).map((b) => runPath(b.namespaces?.net ?? '')),
    ...(own ?? []).filter((s) => s.phase !== 'unrecorded' || s.busy).map((s) => runPath(s.pins.net)),
  ]);
  const foreign = foreignNetworks(witnesses, ownerIds);
  const inhabited = inhabitedNetns(processes);
  const isLeaked = (pin: Pin) =>
    pin.confirmed &&
    pin.ns !== null &&
    !inhabited.has(pin.ns) &&
    pin.ns !== host.self.net &&
    pin.ns !== host.init.net &&
    !ownedPaths.has(runPath(pin.path)) &&
    !attachmentsOf(pins, pin).some((a) => ownerIds.has(a.containerId) || foreign.has(a.network)) &&
    !isBeingMade(processes, pins, pin);
  return candidates.filter(isLeaked).map((pin) => {
    const attachments = attachmentsOf(pins, pin);
    const beside = pinsBeside(pin, pins.pins, processes);
    return { pin, attachments, beside, isOld: host.now - pinBornAt(pins, pin, host) >= minAgeMs };
  });
}

/** Where another containerd has pods: networks of attachments that this one has nothing to do with. */
function foreignNetworks(
  { pins, processes, endpoints, cniConf }: PinWitnesses,
  ownerIds: ReadonlySet<string>,
): Set<string> {
  if (!hasForeignPods(processes, endpoints)) return new Set();
  const ours = pins.attachments.filter((a) => ownerIds.has(a.containerId)).map((a) => a.network);
  const configured = podNetworkOf(completeValue(cniConf)?.files ?? [])?.name;
  const all = pins.attachments.map((a) => a.network);
  return new Set(all.filter((network) => network !== configured && !ours.includes(network)));
}

/** A CNI plugin that runs for it, found by what its environment names. */
function isBeingMade(processes: Process[], pins: PinsFact, pin: Pin): boolean {
  const ids = new Set(attachmentsOf(pins, pin).map((a) => a.containerId));
  return processes.some(
    ({ cni }) => cni && (runPath(cni.netns) === runPath(pin.path) || ids.has(cni.containerId)),
  );
}
