import type { NetworkInside } from '../../model/facts.ts';
import type { OwnerMeaning, OwnerStep } from '../../model/owner-report.ts';
import { factOf } from '../pod-view.ts';
import { byContainerId } from './by-id.ts';
import { type OwnerContext, ofNobody, ofNode, type Thing } from './context.ts';
import { byNamespace } from './namespaces.ts';

type Link = NonNullable<NetworkInside['seen']>['links'][number];

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/** A link of the node by its name; `veth1@if2`, as ip shows it, is the same. */
export function linkMeanings(context: OwnerContext, text: string): OwnerMeaning[] {
  const name = text.replace(/@[^@]+$/, '');
  const host = factOf(context.seen, 'networks')?.host.seen;
  const link = host?.links.find((l) => l.name === name || l.name === text);
  const entry = factOf(context.seen, 'cniCache')?.entries.find(
    (e) => e.hostLinks.includes(name) && /^veth/.test(name),
  );
  const thing: Thing = { kind: 'link', thing: `link ${name}`, how: [] };
  if (link) return [byLink(context, thing, link)];
  if (!entry) return [];
  const step: OwnerStep = { fact: 'cniCache', at: entry.path, value: `made ${name}, which is not there now` };
  return [byContainerId(context, { ...thing, how: [step] }, entry.containerId, 'was made for')];
}

function byLink(context: OwnerContext, thing: Thing, link: Link): OwnerMeaning {
  const networks = factOf(context.seen, 'networks');
  const kind = link.kind === '' ? 'a link of no special kind' : link.kind;
  const own: OwnerStep = { fact: 'networks', at: `link ${link.name} of the node`, value: kind };
  if (link.kind !== 'veth' || link.peerNetnsId < 0)
    return ofNode({ ...thing, how: [own] }, "is the node's own");
  const ends = (networks?.pods ?? []).flatMap((pod) =>
    (pod.seen?.links ?? [])
      .filter((l) => l.kind === 'veth' && l.index === link.peerIndex && l.peerIndex === link.index)
      .map((end) => ({ pod, end })),
  );
  const [found] = ends;
  const step: OwnerStep = {
    ...own,
    value: `veth, its other end is link ${link.peerIndex} of another namespace`,
  };
  if (!found) {
    const unseen = (networks?.pods ?? []).filter((p) => p.seen === null).map((p) => `${p.path} was not seen`);
    const nobody = ofNobody(
      context,
      { ...thing, how: [step] },
      'has its other end in no namespace that was found',
      ['networks'],
    );
    return unseen.length === 0
      ? nobody
      : { ...nobody, verdict: 'unknown', reasons: [...nobody.reasons, ...unseen] };
  }
  const inside: OwnerStep = {
    fact: 'networks',
    at: found.pod.path,
    value: `link ${found.end.index} ${found.end.name}, its other end is link ${link.index}`,
  };
  const role = `is the host end of ${found.end.name} of`;
  return byNamespace(context, { ...thing, how: [step, inside] }, 'net', found.pod.ns, role);
}

/** An address: of the node, in a pod's namespace, reserved, or in the cache. Claims that disagree are all told. */
export function addressMeanings(context: OwnerContext, text: string): OwnerMeaning[] {
  const wanted = text.toLowerCase().replace(/\/\d{1,3}$/, '');
  if (!/^[0-9a-f:.]+$/.test(wanted) || !/[.:]/.test(wanted)) return [];
  const { seen } = context;
  const networks = factOf(seen, 'networks');
  const thing: Thing = { kind: 'address', thing: `address ${wanted}`, how: [] };
  const claims: OwnerStep[] = [];
  const ids: string[] = [];
  for (const r of factOf(seen, 'reservations')?.reservations ?? []) {
    if (r.address !== wanted) continue;
    claims.push({ fact: 'reservations', at: r.path, value: r.containerId ?? r.state });
    if (r.containerId !== null) ids.push(r.containerId);
  }
  for (const e of factOf(seen, 'cniCache')?.entries ?? []) {
    if (!e.addresses.includes(wanted)) continue;
    claims.push({ fact: 'cniCache', at: e.path, value: `${e.ifName} of ${e.containerId}` });
    ids.push(e.containerId);
  }
  const has = (net: NetworkInside) => net.seen?.addresses.find((a) => a.address === wanted);
  if (networks && has(networks.host)) {
    const step = addressStep(networks.host, has(networks.host)?.link ?? 0);
    return [ofNode({ ...thing, how: [step] }, "is the node's own")];
  }
  const inside = (networks?.pods ?? []).filter((net) => has(net));
  const seenIn = inside.map((net) => {
    const how = [addressStep(net, has(net)?.link ?? 0), ...claims];
    return byNamespace(context, { ...thing, how }, 'net', net.ns);
  });
  const owners = new Set(seenIn.map((m) => m.owner?.id));
  const others = [...new Set(ids)].filter((id) => !owners.has(id));
  const steps = inside.map((net) => addressStep(net, has(net)?.link ?? 0));
  const claimed = others.map((id) => {
    const meaning = byContainerId(context, { ...thing, how: [...steps, ...claims] }, id, 'is held for');
    return meaning.verdict === 'pod'
      ? meaning
      : { ...meaning, statement: `is held for ${id}, which nobody knows` };
  });
  // Whom a file names says more than that a namespace is nobody's.
  const owned = seenIn.filter((m) => m.verdict === 'pod' || m.verdict === 'node' || claimed.length === 0);
  const found = [...owned, ...claimed];
  if (found.length > 0) return found;
  if (claims.length > 0)
    return [ofNobody(context, { ...thing, how: claims }, 'is held by a file that names nobody')];
  return isAddress(wanted)
    ? [
        ofNobody(context, thing, 'is in no namespace and no reservation', [
          'networks',
          'reservations',
          'cniCache',
        ]),
      ]
    : [];
}

/** A link's hardware address, of the node or in any pod. */
export function macMeanings(context: OwnerContext, text: string): OwnerMeaning[] {
  const wanted = text.toLowerCase().replaceAll('-', ':');
  if (!MAC.test(wanted)) return [];
  const networks = factOf(context.seen, 'networks');
  const thing: Thing = { kind: 'mac', thing: `MAC ${wanted}`, how: [] };
  const onNode = networks?.host.seen?.links.find((l) => l.mac === wanted);
  if (onNode) return [{ ...byLink(context, thing, onNode), thing: `MAC ${wanted} (link ${onNode.name})` }];
  const found = (networks?.pods ?? []).flatMap((net) =>
    (net.seen?.links ?? []).filter((l) => l.mac === wanted).map((link) => ({ net, link })),
  );
  if (found.length === 0) return [ofNobody(context, thing, 'is of no link in any namespace', ['networks'])];
  return found.map(({ net, link }) => {
    const step: OwnerStep = { fact: 'networks', at: net.path, value: `link ${link.index} ${link.name}` };
    return byNamespace(context, { ...thing, how: [step] }, 'net', net.ns, `is of ${link.name} of`);
  });
}

function addressStep(net: NetworkInside, index: number): OwnerStep {
  const name = net.seen?.links.find((l) => l.index === index)?.name ?? `link ${index}`;
  return { fact: 'networks', at: net.path, value: `on ${name}` };
}

/** Written out: not any run of digits and dots. */
function isAddress(text: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) || (text.split(':').length > 2 && !MAC.test(text));
}
