import type { Pin } from '../../model/facts.ts';
import { NS_TYPES, type NsId, type NsType, nsLink } from '../../model/namespace.ts';
import type { OwnerMeaning, OwnerStep } from '../../model/owner-report.ts';
import { factOf, hostNetOf, networkOf } from '../pod-view.ts';
import { isAlive, runPath } from '../process.ts';
import { byContainerId } from './by-id.ts';
import { type OwnerContext, ofNobody, ofNode, ofPod, type Thing } from './context.ts';

const LINK = /^(cgroup|ipc|mnt|net|pid|time|user|uts):\[(\d{1,20})\]$/;
const IDENTITY = /^\d{1,10}:(\d{1,20})$/;

/** A namespace by `net:[4026532177]`, `4:4026532177` or its inode alone. */
export function namespaceMeanings(context: OwnerContext, text: string): OwnerMeaning[] {
  const link = LINK.exec(text);
  const inode = link?.[2] ?? IDENTITY.exec(text)?.[1] ?? (/^\d{5,20}$/.test(text) ? text : '');
  if (inode === '') return [];
  const types = link ? [link[1] as NsType] : NS_TYPES;
  return types.flatMap((type) => {
    const id = knownId(context, type, inode);
    return id === null ? [] : [byNamespace(context, namespaceThing(type, id), type, id)];
  });
}

function namespaceThing(type: NsType, id: NsId): Thing {
  return { kind: 'namespace', thing: nsLink(type, id), how: [] };
}

/** The id of a namespace that anybody saw. */
function knownId({ seen, processes }: OwnerContext, type: NsType, inode: string): NsId | null {
  const host = factOf(seen, 'host');
  const networks = factOf(seen, 'networks');
  const ids = [
    ...processes.map((p) => p.ns[type]),
    host?.init[type] ?? null,
    host?.self[type] ?? null,
    ...(factOf(seen, 'pins')?.pins ?? []).filter((p) => p.type === type).map((p) => p.ns),
    ...(type === 'net' && networks ? [networks.host.ns, ...networks.pods.map((p) => p.ns)] : []),
  ];
  return ids.find((id) => id?.endsWith(`:${inode}`)) ?? null;
}

/** Whose something is that is in a namespace, or is one. `role`: what it is to the pod that has it. */
export function byNamespace(
  context: OwnerContext,
  thing: Thing,
  type: NsType,
  id: NsId,
  role = 'belongs to',
): OwnerMeaning {
  const { seen, pods, processes } = context;
  const host = factOf(seen, 'host');
  const nodes = type === 'net' ? hostNetOf(seen) : (host?.init[type] ?? host?.self[type] ?? null);
  if (id === nodes) return ofNode(thing, "is the node's own");
  const pod = pods.find((p) => p.anchors.get(type)?.id === id);
  const at = pod?.anchors.get(type)?.at ?? '';
  if (pod) {
    const step: OwnerStep = {
      fact: at.startsWith('/proc/') ? 'processes' : 'pins',
      at,
      value: `${nsLink(type, id)}${at.startsWith('/proc/') ? ', its pause' : ', its pin'}`,
    };
    return ofPod({ ...thing, how: [...thing.how, step] }, `${role} ${pod.title}`, pod);
  }
  const inside = processes.filter((p) => p.ns[type] === id && isAlive(p));
  const first = inside.find((p) => p.containerId !== null) ?? inside[0];
  if (first) {
    const step: OwnerStep = {
      fact: 'processes',
      at: `/proc/${first.pid}/ns/${type}`,
      value: `${nsLink(type, id)}, ${first.comm}`,
    };
    const more = { ...thing, how: [...thing.how, step] };
    if (first.containerId !== null) return byContainerId(context, more, first.containerId, role);
    return ofNode(more, `is held by process ${first.pid} (${first.comm}), which is in no pod`);
  }
  const pin = factOf(seen, 'pins')?.pins.find((p) => p.ns === id);
  if (pin) return byPin(context, { ...thing, how: [...thing.how, pinStep(pin)] }, pin);
  const where = networkOf(factOf(seen, 'networks'), id)?.path;
  return ofNobody(context, thing, `is nobody's${where ? `; it was seen at ${where}` : ''}`, ['pins']);
}

/** Whose a pin is: by what is recorded, by the attachment that names it, by what is in the namespace. */
export function byPin(context: OwnerContext, thing: Thing, pin: Pin): OwnerMeaning {
  const { seen, pods } = context;
  const path = runPath(pin.path);
  const pod = pods.find((p) => p.netnsPath === path || recordedPaths(p.bundle?.namespaces).includes(path));
  if (pod) {
    const byRecord = runPath(pod.record?.netnsPath ?? '') === path;
    const step: OwnerStep = byRecord
      ? { fact: 'store', at: `record of sandbox ${pod.id}`, value: `network namespace ${path}` }
      : { fact: 'bundles', at: `${pod.bundle?.dir ?? ''}/config.json`, value: `joins ${path}` };
    return ofPod({ ...thing, how: [...thing.how, step] }, `is the pin of ${pod.title}`, pod);
  }
  const inhabited = pin.ns !== null && context.processes.some((p) => p.ns[pin.type] === pin.ns && isAlive(p));
  if (pin.ns !== null && inhabited)
    return byNamespace(context, thing, pin.type, pin.ns, 'pins a namespace of');
  const attachment = factOf(seen, 'pins')?.attachments.find((a) => runPath(a.netns) === path);
  if (attachment) {
    const value = `attachment of ${attachment.containerId} to ${attachment.network}`;
    const step: OwnerStep = { fact: 'pins', at: attachment.path, value };
    const more = { ...thing, how: [...thing.how, step] };
    return byContainerId(context, more, attachment.containerId, 'is the pin of');
  }
  if (pin.scheme === 'foreign') return ofNode(thing, "is an operator's: no runtime names its pins so");
  return ofNobody(context, thing, "is nobody's", ['pins']);
}

export function pinStep({ path, type, ns, mounts }: Pin): OwnerStep {
  const value = ns === null ? 'a file with nothing mounted on it' : nsLink(type, ns);
  return { fact: 'pins', at: path, value: mounts > 1 ? `${value}, mounted ${mounts} times` : value };
}

function recordedPaths(namespaces: Partial<Record<NsType, string>> | null | undefined): string[] {
  return Object.values(namespaces ?? {}).map(runPath);
}
