import path from 'node:path';
import { PAUSE_FLAG } from '../../model/flag-text.ts';
import { compareVersions } from '../../model/pause-versions.ts';
import { referenceFault } from '../../model/reference.ts';
import { type Draft, planOf, step } from '../draft.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { known, notPossible } from './known.ts';

/** From here on kubelet asks the runtime which images are pinned, and the flag does nothing. */
const INERT_SINCE = '1.29.0';
/** Where packages have their units: the next update writes them anew. */
const OF_PACKAGES = ['/usr/lib/', '/lib/', '/run/'];

/** A flag that kubelet does not know any more is taken out of the files that give it. */
export const removedPauseFlag: Remedy = {
  check: 'kubelet/removed-pause-flag',
  messages: null,
  kind: null,
  plan: (request) => withoutFlag(request, 'kubelet 1.35 does not know the flag'),
};

/** An inert flag is taken out; one that protects the wrong image is given the name of the one in use. */
export const stalePauseFlag: Remedy = {
  check: 'kubelet/stale-pause-flag',
  messages: null,
  kind: null,
  plan(request) {
    const { messageId, data } = request.finding;
    if (messageId === 'stale') return withoutFlag(request, 'this kubelet does nothing with the flag');
    const reference = String(data.reference);
    if (referenceFault(reference) !== null)
      return notPossible(`${reference} is no name of an image`, 'correct it first');
    const found = known(request, 'kubeletConfig');
    if ('refusal' in found) return found;
    const { pauseFlags } = found.known.kubeletConfig;
    const files = pauseFlags.filter(({ value }) => value === data.value).map(({ file }) => file);
    if (files.length === 0)
      return notPossible(
        `no file of kubelet's unit or environment gives it ${String(data.value)}`,
        `give it --${PAUSE_FLAG}=${reference} where it is started`,
      );
    return edited(request, files, reference, 'kubelet keeps from its collection what the flag names');
  },
};

function withoutFlag(request: RemedyRequest, because: string): Planned {
  const version = String(request.finding.data.version);
  return compareVersions(version, INERT_SINCE) < 0
    ? notPossible(
        `kubelet ${version} keeps the image from its collection that the flag names`,
        'take it out when kubelet is 1.29 or later',
      )
    : edited(request, [request.finding.subject.id], null, because);
}

function edited(
  request: RemedyRequest,
  files: readonly string[],
  value: string | null,
  because: string,
): Planned {
  const drafts: Draft[] = [];
  for (const file of new Set(files)) {
    const made = edit(request, file, value, because);
    if ('refusal' in made) return made;
    drafts.push(made);
  }
  const { check, finding, takenAt } = request;
  const basedOn = `the look of ${takenAt}`;
  const notes = [
    'kubelet reads it at its next start (systemctl daemon-reload; systemctl restart kubelet); pods that run go on',
  ];
  return {
    plan: planOf({ remedy: check, risk: 'disruptive', subject: finding.subject, basedOn, notes }, drafts),
  };
}

function edit(
  request: RemedyRequest,
  file: string,
  value: string | null,
  because: string,
): Draft | Exclude<Planned, { plan: unknown }> {
  const found = known(request, 'kubeletConfig');
  if ('refusal' in found) return found;
  if (OF_PACKAGES.some((folder) => file.startsWith(folder)))
    return notPossible(
      `${file} belongs to a package or a program, which writes it anew`,
      `systemctl edit --full kubelet makes a copy in /etc: take --${PAUSE_FLAG} out of that`,
    );
  const mtime = found.known.kubeletConfig.pauseFlags.find((flag) => flag.file === file)?.mtime;
  const identity = mtime === undefined ? null : request.identify(file, mtime);
  if (identity === null)
    return notPossible(
      `${file} was changed since it was read, or is a link`,
      'look again, or edit it by hand',
    );
  const { sha256 } = identity;
  // systemd reads no file of such a name.
  const backupFolder = path.dirname(file);
  return step({ kind: 'edit-flag', path: file, sha256, flag: PAUSE_FLAG, value, backupFolder }, because, {
    guards: [{ kind: 'content-is', path: file, sha256 }],
  });
}
