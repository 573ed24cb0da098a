import type { Facts } from '../../src/model/facts.ts';
import { addPod, ns } from '../support/node.ts';
import { aCheck, aFinding } from '../support/report.ts';
import { nodeWithPods } from '../support/sick-node.ts';

/** What runs, if anything of a name does. */
const ATTACK = `</script><img src=x onerror="pwned=1"><svg onload='pwned=1'>&#x26;`;
export const HOSTILE = `${ATTACK}\x1b[2J\u202e\ud800\ufffe`.padEnd(253, 'x');
/** How that reads. */
export const SHOWN = `${ATTACK}\\x1b[2J\\u202e\\ud800\\ufffe`;

/** A node on which everything has a name that is meant to harm, in the places where a node can have any. */
export function hostileNode(): Facts {
  const { node } = nodeWithPods(0);
  for (const n of [101, 102]) {
    const pod = addPod(node, n, `${n}${HOSTILE}`, { containers: [HOSTILE, 'w'.repeat(253)] });
    const [app] = pod.containers;
    // In the namespace of the other, so that its name is told of this one.
    if (app) app.init.ns = { ...app.init.ns, net: ns(n === 101 ? 10_201 : 10_101) };
    pod.pause.comm = HOSTILE;
    pod.network.link.name = HOSTILE;
  }
  node.host.hostname = HOSTILE;
  node.host.kernel = HOSTILE;
  node.runtime.version = HOSTILE;
  return node;
}

/** A check with very many findings, all of them different. */
export function manyFindings(count: number) {
  const findings = Array.from({ length: count }, (_, i) => {
    const id = i.toString(16).padStart(64, '0');
    return aFinding({
      severity: i % 2 === 0 ? 'error' : 'warning',
      message: `sandbox ${i} of default/web-${i} runs on, but the runtime does not list it`,
      subject: { kind: 'sandbox', id, name: `default/web-${i}` },
      evidence: [
        { fact: 'processes', at: `/proc/${i}/ns/net`, value: `net:[${4_026_532_000 + i}]` },
        {
          fact: 'bundles',
          at: `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}`,
          value: 'is there',
        },
      ],
      remedies: [
        {
          id: 'stop',
          title: 'Stop it',
          risk: 'disruptive',
          commands: [`crictl stopp ${id}`, `crictl rmp ${id}`],
        },
      ],
      fingerprint: `sandbox/sample missing sandbox ${i}`,
    });
  });
  return aCheck({ id: 'sandbox/sample', findings });
}
