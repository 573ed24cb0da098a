import { type AbstractSocket, byPid, defineCheck, type Finding, type Process } from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'runtime/abstract-socket',
    title: 'No shim listens on an abstract socket',
    failureTitle: 'Shims can be commanded from pods in the network of the node',
    why: 'containerd before 1.3.9 and 1.4.3 had its shims listen on abstract sockets, which belong to the network namespace and not to a file with permissions. Any hostNetwork container whose user is root can talk to them and run what it likes as root on the node (CVE-2020-15257). A shim keeps its socket when containerd is upgraded.',
    proof:
      "A listening socket named @/containerd-shim/... in the unix sockets of the node's own network namespace.",
    neverReports: [
      'shims that listen on a socket file, as all later versions do',
      'abstract sockets of others',
    ],
    severity: 'warning',
    tags: ['runtime', 'security'],
    needs: ['abstractSockets', 'processes'],
    messages: {
      reachable:
        '{{count}} can be commanded from every hostNetwork pod that runs as root: {{sockets}} an abstract name',
    },
    references: ['https://github.com/containerd/containerd/security/advisories/GHSA-36xw-fx78-c5r4'],
  },
  run({ abstractSockets, processes }) {
    return abstractSockets.length === 0 ? [] : [finding(abstractSockets, processes)];
  },
});

function finding(sockets: readonly AbstractSocket[], processes: Process[]): Finding {
  const one = sockets.length === 1;
  return {
    messageId: 'reachable',
    subject: { kind: 'runtime', id: 'containerd-shim' },
    data: {
      count: one ? 'a shim' : `${sockets.length} shims`,
      sockets: one ? 'its socket has' : 'their sockets have',
    },
    evidence: sockets.map(({ name, pid }) => ({
      fact: 'abstractSockets',
      at: '/proc/1/net/unix',
      value: pid === null ? name : `${name}, process ${pid} (${byPid(processes).get(pid)?.comm ?? 'gone'})`,
    })),
  };
}
