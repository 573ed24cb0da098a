import type { Facts, Sandbox } from '../../src/model/facts.ts';
import { type NsId, type NsType, nsLink } from '../../src/model/namespace.ts';
import type { Report, ReportedFinding } from '../../src/model/report.ts';

const SHARED: readonly NsType[] = ['net', 'ipc', 'uts', 'pid'];
const OUTSIDE = { netns: 'network namespace', reservation: 'address' };

/**
 * Every text that the picture of `sickNode` must show, put together from the facts and the report by hand, without
 * what draws it. The pods with a fault are its first three.
 */
export function textsOf(node: Facts, report: Report): Set<string> {
  const findings = report.checks.flatMap((check) => check.findings);
  const outside = findings.filter(({ subject }) => subject.kind in OUTSIDE);
  const onBridge = node.sandboxes.filter((sandbox) => netOf(node, sandbox) !== node.host.init.net);
  const [sick, healthy] = [onBridge.slice(0, 3), onBridge.slice(3)];
  const onNode = node.sandboxes.filter((sandbox) => !onBridge.includes(sandbox));
  return new Set([
    ...[node.host.hostname, `${node.runtime.name} ${node.runtime.version} · kernel ${node.host.kernel}`],
    ...['eth0 · 192.0.2.10/24 · default route', 'bridge', 'cni0', '10.88.0.1/24', "the node's own network"],
    ...[`${onBridge.length} pods`, `${healthy.length} more pods`, `${onNode.length} pod`],
    ...findings.filter((finding) => !outside.includes(finding)).map(({ message }) => message),
    ...[`${outside.length} outside of any pod`, ...outside.flatMap(outsideTexts)],
    ...sick.flatMap((sandbox) => sickTexts(node, sandbox)),
    ...[...healthy, ...onNode].map(titleOf),
    ...healthy.map((sandbox) => cableOf(node, sandbox).address),
  ]);
}

function outsideTexts({ subject: { kind, name, id } }: ReportedFinding): string[] {
  return [kind === 'netns' ? OUTSIDE.netns : OUTSIDE.reservation, name ?? id];
}

function sickTexts(node: Facts, sandbox: Sandbox): string[] {
  const pause = node.processes.find((process) => process.containerId === sandbox.id);
  const { veth, address, prefix, isInBridge } = cableOf(node, sandbox);
  const net = netOf(node, sandbox);
  return [
    ...[titleOf(sandbox), sandbox.state, veth, 'eth0', `${address}/${prefix}`, 'pause'],
    ...(isInBridge ? [] : [`${veth} is not in cni0`]),
    ...(pause ? [String(pause.pid)] : ['is gone']),
    ...(pause ? SHARED.map((type) => linkOf(type, pause.ns[type])) : [linkOf('net', net)]),
    ...node.containers
      .filter((container) => container.sandboxId === sandbox.id)
      .flatMap(({ id, name, state }) => {
        const init = node.processes.find((process) => process.containerId === id);
        const isElsewhere = init?.ns.net !== net;
        return [
          name,
          `${state} ${init?.pid}`,
          ...(isElsewhere ? [`${linkOf('net', init?.ns.net)} of the node`] : []),
        ];
      }),
  ];
}

function titleOf({ namespace, name }: Sandbox): string {
  return `${namespace}/${name}`;
}

function linkOf(type: NsType, id: NsId | null | undefined): string {
  return id ? nsLink(type, id) : '';
}

/** Of the pin that the runtime wrote down; without one it is the node's. */
function netOf(node: Facts, { id }: Sandbox): NsId | null {
  const path = node.store.records.find((record) => record.id === id)?.netnsPath;
  return node.pins.pins.find((pin) => `/var${pin.path}` === path)?.ns ?? node.host.init.net;
}

function cableOf(node: Facts, sandbox: Sandbox) {
  const inside = node.networks.pods.find(({ ns }) => ns === netOf(node, sandbox))?.seen;
  const eth0 = inside?.links.find(({ name }) => name === 'eth0');
  const given = inside?.addresses.find(({ link }) => link === eth0?.index);
  const links = node.networks.host.seen?.links ?? [];
  const end = links.find(({ index }) => index === eth0?.peerIndex);
  const bridge = links.find(({ name }) => name === 'cni0');
  return {
    veth: end?.name ?? '',
    address: given?.address ?? '',
    prefix: given?.prefix ?? 0,
    isInBridge: end?.master === bridge?.index,
  };
}
