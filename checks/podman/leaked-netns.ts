import {
  amongPins,
  defineCheck,
  type Finding,
  leakedPodmanPins,
  nsLink,
  type Pin,
  type PinsFact,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'podman/leaked-netns',
    title: "Every pin of podman's belongs to a container",
    failureTitle: 'Network namespaces outlived containers of podman',
    why: 'The container is gone, and its namespace keeps its interfaces, and with the CNI backend its address. Podman does not look for such leftovers.',
    proof:
      "A pin that is named as podman names them, older than --min-age, in which no process is, that no container in podman's storage names, and no attachment of one in the CNI cache.",
    neverReports: [
      'pins of containers that run, are stopped, or are being made',
      "an operator's own namespaces, and those of runtimes",
      'podman on a node without a storage of podman that can be read',
    ],
    severity: 'warning',
    tags: ['podman', 'namespace'],
    needs: ['podman', 'pins', 'processes', 'host'],
    messages: {
      leaked: 'A network namespace outlived its container of podman: nothing uses {{path}}',
    },
    references: [
      'https://github.com/containers/podman/issues/350',
      'https://github.com/containers/podman/issues/12085',
    ],
  },
  run: (facts, { minAgeMs }) => leakedPodmanPins(facts, minAgeMs).map((pin) => finding(pin, facts.pins)),
});

function finding({ path, ns }: Pin, fact: PinsFact): Finding {
  return {
    messageId: 'leaked',
    subject: { kind: 'netns', id: path },
    data: { path },
    evidence: [
      { fact: 'pins', at: path, value: ns === null ? 'no mount' : nsLink('net', ns) },
      { fact: 'processes', at: path, value: 'no process is in it' },
      { fact: 'podman', at: path, value: 'no container names it' },
    ],
    advice: [
      {
        title: 'Take it away; its interfaces go with it',
        risk: 'disruptive',
        commands: [amongPins(fact, 'umount', path), amongPins(fact, 'rm', path)],
      },
    ],
  };
}
