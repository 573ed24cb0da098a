import type { OwnerMeaning } from '../../model/owner-report.ts';
import { factOf } from '../pod-view.ts';
import { type OwnerContext, ofNobody, ofPod, type Thing } from './context.ts';

const HEX = /^[0-9a-f]{4,64}$/;

/** Whose something is that names a sandbox or container by its full id. `role`: what it is to that one. */
export function byContainerId(context: OwnerContext, thing: Thing, id: string, role = ''): OwnerMeaning {
  const words = role === '' ? 'belongs to' : role;
  const sandbox = context.pods.find((p) => p.id === id);
  if (sandbox) return ofPod(thing, `${words} ${sandbox.title}`, sandbox);
  for (const pod of context.pods) {
    const container = pod.containers.find((c) => c.id === id);
    if (container)
      return ofPod(thing, `${words} container ${container.name} of ${pod.title}`, pod, container);
  }
  const recorded =
    factOf(context.seen, 'storeContainers')?.find((r) => r.id === id) ??
    factOf(context.seen, 'bundles')?.find((b) => b.id === id && b.role === 'container');
  const pod = context.pods.find((p) => p.id === recorded?.sandboxId);
  if (pod) return ofPod(thing, `${words} a container of ${pod.title} that no list has`, pod);
  return ofNobody(context, thing, `names ${id}, which nobody knows`);
}

/** Sandboxes and containers whose id begins so. */
export function idMeanings(context: OwnerContext, text: string): OwnerMeaning[] {
  if (!HEX.test(text)) return [];
  const sandboxes = context.pods
    .filter((p) => p.id.startsWith(text))
    .map((p) =>
      ofPod({ kind: 'sandbox', thing: `sandbox ${p.id}`, how: [] }, `is the sandbox of ${p.title}`, p),
    );
  const containers = context.pods.flatMap((p) =>
    p.containers
      .filter((c) => c.id.startsWith(text))
      .map((c) => {
        const thing: Thing = { kind: 'container', thing: `container ${c.id}`, how: [] };
        return ofPod(thing, `is container ${c.name} of ${p.title}`, p, c);
      }),
  );
  return [...sandboxes, ...containers];
}

/** A pod by its uid, as kubelet, the runtime or a cgroup names it. */
export function byUid(context: OwnerContext, thing: Thing, uid: string, role: string): OwnerMeaning[] {
  const { seen, pods } = context;
  const sandboxes = pods.filter((p) => p.meta?.uid === uid);
  if (sandboxes.length > 0) return sandboxes.map((p) => ofPod(thing, `${role} ${p.title}`, p));
  const owners = factOf(seen, 'podOwners');
  const known = owners?.pods?.find((p) => p.uid === uid || p.staticUid === uid);
  if (known) {
    const at = { fact: 'podOwners' as const, at: owners?.source ?? '', value: known.phase };
    const title = `${known.namespace}/${known.name}`;
    return [
      {
        ...ofNobody(
          context,
          { ...thing, how: [...thing.how, at] },
          `${role} ${title}, which has no sandbox here`,
        ),
        verdict: 'pod',
        owner: { id: '', title, container: '' },
        reasons: [],
      },
    ];
  }
  const folder = owners?.folders?.find((f) => f.uid === uid);
  const held = factOf(seen, 'cgroups')?.find((c) => c.uid === uid);
  if (!folder && !held && thing.how.length === 0) return [];
  const how = [
    ...thing.how,
    ...(folder ? [{ fact: 'podOwners' as const, at: folder.path, value: "kubelet's folder of it" }] : []),
    ...(held ? [{ fact: 'cgroups' as const, at: held.path, value: 'its cgroup' }] : []),
  ];
  return [ofNobody(context, { ...thing, how }, 'is of a pod that nobody lists', ['podOwners'])];
}
