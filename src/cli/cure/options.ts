import type { Argv, Options } from 'yargs';
import { GC_KINDS } from '../../remedy/remedy.ts';

function value(describe: string, more: Options = {}): Options {
  return { type: 'string', nargs: 1, requiresArg: true, describe, ...more };
}

/** Of every command that judges or lists. */
export const CHECKS = value('Folder or file with checks of your own; repeatable; none: only those of podctl');

export const PAUSE_VERSIONS = value(
  'File with what is newer than podctl (PODCTL_PAUSE_VERSIONS; /etc/podctl/pause-versions.yaml)',
);

const CONSENT: Record<string, Options> = {
  yes: { type: 'boolean', alias: 'y', describe: 'Go ahead without asking' },
  'dry-run': { type: 'boolean', describe: 'Only say what would be done' },
};

const STATE: Record<string, Options> = {
  keep: value('How long copies of what went are kept (24h)'),
  'state-dir': value("Where podctl's journal and records are (PODCTL_STATE_DIR; /run/podctl)"),
};

/** What cures what the doctor found; `doctor` has the others already. */
export const FIX_OPTIONS: Record<string, Options> = {
  ...CONSENT,
  risk: value('The most that a cure may risk: safe, disruptive or destructive'),
  settle: value('How long after the first look the second one comes (5s)'),
  'plan-out': value('Save the plan for podctl apply, and change nothing'),
  force: value('Skip a refusal by its name, never the question; repeatable'),
  'max-share': value('How much of a kind may go, in percent (50, or five objects)'),
  'assume-no-kubelet': { type: 'boolean', describe: 'Nobody but the runtime owns pods on this node' },
  'pause-archive': value("Sandbox image for a node that cannot pull it (podctl's own pause)"),
  ...STATE,
};

const LOOK: Record<string, Options> = {
  'runtime-endpoint': value('Socket of the runtime (CONTAINER_RUNTIME_ENDPOINT)', { alias: 'r' }),
  timeout: value('Deadline of one call to the runtime (10s)', { alias: 't' }),
  deadline: value('Deadline of one look (30s)'),
};

const OUTPUT = { output: value('table (default), json or yaml', { alias: 'o' }) };

const CODES =
  'Exit codes: 0 done, 1 something planned or left, 2 usage or nobody said yes, 3 refused or not all could be seen.';

export function gcOptions(yargs: Argv): Argv {
  const { 'pause-archive': _, ...fix } = FIX_OPTIONS;
  return yargs
    .positional('kind', {
      type: 'string',
      describe: `orphans (all kinds), or one of ${GC_KINDS.join(', ')}`,
    })
    .options({
      ...fix,
      'min-age': value('Younger objects are being made, not left behind (10m)'),
      checks: CHECKS,
      ...LOOK,
      ...OUTPUT,
    })
    .example('$0 gc orphans', 'shows what nobody owns any more, and asks')
    .example('$0 gc ipam --dry-run', 'leaked addresses, and what would be typed to free them')
    .example('$0 gc orphans --yes -o json', 'for a timer; the exit code tells')
    .example('$0 gc netns --plan-out p.json', 'to be looked at, then: podctl apply p.json')
    .epilogue(CODES);
}

export function applyOptions(yargs: Argv): Argv {
  const { settle } = FIX_OPTIONS;
  return yargs
    .positional('file', { type: 'string', describe: 'Written by --plan-out, at most 10 minutes ago' })
    .options({ ...CONSENT, ...(settle ? { settle } : {}), ...STATE, ...LOOK, ...OUTPUT })
    .example('$0 apply p.json', 'what is not found like that any more is left alone')
    .epilogue(CODES);
}

export function undoOptions(yargs: Argv): Argv {
  return yargs
    .positional('run', { type: 'string', describe: 'Name of a run (the last with something to restore)' })
    .options({
      ...CONSENT,
      list: { type: 'boolean', describe: 'List the runs, and what each put aside' },
      ...STATE,
      ...OUTPUT,
    })
    .example('$0 undo', 'gives configuration files back as they were')
    .epilogue('An address is never given back: somebody else may have it by now.');
}
