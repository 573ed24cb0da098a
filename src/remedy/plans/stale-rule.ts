import { rulesKey } from '../../derive/cni-rules.ts';
import { planOf, step } from '../draft.ts';
import type { Remedy } from '../remedy.ts';
import { knownOrNot, notPossible } from './known.ts';
import { ownerless, sceneOf } from './scene.ts';

/** The rules of one attachment that is gone, and no others. Where both kinds of iptables have some, that is asked first. */
export const staleRule: Remedy = {
  check: 'cni/stale-rule',
  messages: null,
  kind: null,
  plan(request) {
    const scene = sceneOf(request);
    if ('refusal' in scene) return scene;
    const { finding, check } = request;
    const firewall = knownOrNot(request, 'firewall');
    const one = firewall?.rules.find((rules) => rulesKey(rules) === finding.subject.id);
    const read = firewall?.read.find(
      ({ backend, family }) => backend === one?.backend && family === one.family,
    );
    if (!one || !read) return notPossible('the rules are not there any more', 'look again');
    const { backend, network, containerId: container, chain, entries } = one;
    const program = read.program.replace(/-save$/, '');
    const draft = step(
      { kind: 'delete-rules', program, backend, network, container, chain, entries },
      `${container.slice(0, 13)} is gone`,
      { guards: ownerless(scene, container) },
    );
    const isMixed = firewall?.rules.some(
      (other) => other.containerId === container && other.backend !== backend,
    );
    const risk = isMixed ? 'disruptive' : 'safe';
    const what = { remedy: check, risk, subject: finding.subject, basedOn: scene.basedOn } as const;
    return { plan: planOf(what, [draft]) };
  },
};
