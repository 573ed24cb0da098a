import { otherConfs, winningConf } from '../../derive/cni-winner.ts';
import type { CniConfFile } from '../../model/facts.ts';
import { planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { known, notPossible } from './known.ts';
import { wasChanged } from './netns-leaked.ts';
import { sceneOf } from './scene.ts';

/** The first file alone decides, whether it can be used or not. */
export const configurationBroken: Remedy = {
  check: 'cni/configuration-broken',
  messages: ['first', 'refused', 'afterRestart'],
  kind: null,
  plan: (request) => putAside(request, 'the runtime takes it, and cannot use it', () => true),
};

/** Only where it is told which one is meant: by the agents that run, or by what distributions ship. */
export const wrongConfiguration: Remedy = {
  check: 'cni/wrong-configuration',
  messages: ['agentGone', 'sample'],
  kind: null,
  plan: (request) =>
    putAside(
      request,
      'it wins over the one that is meant',
      ({ path }) => path === request.finding.data.other,
    ),
};

/** The file goes, and a copy is kept; the next one that can be used is taken. Pods that run keep what they have. */
function putAside(request: RemedyRequest, why: string, isMeant: (file: CniConfFile) => boolean): Planned {
  const scene = sceneOf(request);
  if ('refusal' in scene) return scene;
  const found = known(request, 'cniConf');
  if ('refusal' in found) return found;
  const { finding, check } = request;
  const { cniConf } = found.known;
  const conf = winningConf(cniConf);
  const [next] = otherConfs(cniConf);
  if (conf?.path !== finding.subject.id)
    return notPossible('it is not the file that the runtime takes', 'look again');
  if (next === undefined || next.problem !== '')
    return notPossible(
      next
        ? `${next.path}, which would be taken then, cannot be used either`
        : 'no other file would be taken then',
      'mend the file, or have the agent of the network write it anew',
    );
  if (!isMeant(next)) return notPossible(`${next.path} would be taken then`, 'look at them, and choose');
  const file = request.identify(conf.path, conf.mtime ?? 0);
  if (!file) return wasChanged([conf.path]);
  const draft = step({ kind: 'put-config-aside', path: conf.path, file }, why, {
    guards: [{ kind: 'file-is', path: conf.path, file }],
  });
  const what = {
    remedy: check,
    risk: 'disruptive',
    subject: finding.subject,
    basedOn: scene.basedOn,
  } as const;
  return { plan: planOf({ ...what, notes: notesOf(scene.entries, conf, next) }, [draft]) };
}

function notesOf(
  entries: readonly { network: string; containerId: string }[],
  { path, name }: CniConfFile,
  next: CniConfFile,
): string[] {
  const ids = entries.filter(({ network }) => name !== '' && network === name).map((e) => e.containerId);
  const count = new Set(ids).size;
  return [
    `pods that are made from then on get the network ${next.name} of ${next.path}`,
    `${path} is kept by the run: podctl undo gives it back`,
    ...(count > 0
      ? [
          `${count} sandboxes have the network ${name}: have their pods made anew, and keep its plugins until then`,
        ]
      : []),
  ];
}
