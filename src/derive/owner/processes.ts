import type { Process } from '../../model/facts.ts';
import { nsLink } from '../../model/namespace.ts';
import type { OwnerMeaning, OwnerStep } from '../../model/owner-report.ts';
import { hostNetOf } from '../pod-view.ts';
import { byContainerId, byUid } from './by-id.ts';
import { type OwnerContext, ofNode, ofPod, type Thing } from './context.ts';
import { byNamespace } from './namespaces.ts';

/** A process by its pid. */
export function processMeanings(context: OwnerContext, text: string): OwnerMeaning[] {
  if (!/^\d{1,10}$/.test(text)) return [];
  const process = context.processes.find((p) => p.pid === Number(text));
  return process ? [byProcess(context, process)] : [];
}

export function byProcess(context: OwnerContext, process: Process): OwnerMeaning {
  const { pid, comm, cgroup, containerId, podUid, shim, ns } = process;
  const thing: Thing = { kind: 'process', thing: `process ${pid} (${comm})`, how: [] };
  if (shim)
    return byShim(context, { ...thing, how: [step(`/proc/${pid}/cmdline`, `-id ${shim.id}`)] }, shim.id);
  const inCgroup = { ...thing, how: [step(`/proc/${pid}/cgroup`, cgroup)] };
  if (containerId !== null) {
    const pause = context.pods.some((p) => p.id === containerId && p.pause?.pid === pid);
    return byContainerId(context, inCgroup, containerId, pause ? 'is the pause of' : 'belongs to');
  }
  const ofUid = podUid === null ? [] : byUid(context, inCgroup, podUid, 'is in the cgroup of');
  const [byCgroup] = ofUid;
  if (byCgroup) return byCgroup;
  if (ns.net !== null && ns.net !== hostNetOf(context.seen)) {
    const inside = { ...thing, how: [step(`/proc/${pid}/ns/net`, nsLink('net', ns.net))] };
    const meaning = byNamespace(
      context,
      inside,
      'net',
      ns.net,
      'is in no container, but in the network namespace of',
    );
    if (meaning.verdict === 'pod') return meaning;
  }
  return ofNode(inCgroup, "is the node's own: in no container, and in no pod's network namespace");
}

function byShim(context: OwnerContext, thing: Thing, id: string): OwnerMeaning {
  const pod = context.pods.find((p) => p.id === id);
  if (pod && (pod.listed || pod.record)) return ofPod(thing, `is the shim of ${pod.title}`, pod);
  return byContainerId(
    { ...context, pods: context.pods.filter((p) => p.id !== id) },
    thing,
    id,
    'is the shim of',
  );
}

function step(at: string, value: string): OwnerStep {
  return { fact: 'processes', at, value };
}
