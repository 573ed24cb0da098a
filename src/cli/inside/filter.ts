import type { PodView } from '../../derive/pod-view.ts';
import { type Args, one, oneOf } from '../args.ts';
import { UsageError } from '../usage-error.ts';

const STATES = ['ready', 'notready', 'unlisted', 'unknown'] as const;

/** Which pods are wanted, and how many of the newest; null: all. */
export interface Filter {
  wanted: (pod: PodView) => boolean;
  last: number | null;
}

const FILTERS = ['filter', 'id', 'name', 'namespace', 'namespace-exact', 'state'];

/** True when something was asked for, so that finding nothing is an answer of its own. */
export function isFiltered({ wanted }: Filter): boolean {
  return wanted !== everything;
}

/** The filters of crictl's lists; names and namespaces are regular expressions there too. */
export function podFilter(args: Args): Filter {
  const text = one(args, 'filter');
  const id = one(args, 'id');
  const name = pattern('--name', one(args, 'name'));
  const namespace = pattern('--namespace', one(args, 'namespace'));
  const exact = one(args, 'namespace-exact');
  const given = one(args, 'state');
  const state = given === undefined ? undefined : oneOf('--state', STATES, given.toLowerCase());
  const wanted = (pod: PodView) =>
    (text === undefined || fits(pod, text)) &&
    (id === undefined || pod.id.startsWith(id)) &&
    (name === null || name.test(pod.meta?.name ?? '')) &&
    (namespace === null || namespace.test(pod.meta?.namespace ?? '')) &&
    (exact === undefined || pod.meta?.namespace === exact) &&
    (state === undefined || pod.state === state);
  const asked = FILTERS.some((option) => args[option] !== undefined);
  return { wanted: asked ? wanted : everything, last: lastOf(args) };
}

function everything(): boolean {
  return true;
}

/** A part of the name or of `namespace/name`, or the beginning of an id. */
function fits({ id, meta }: PodView, text: string): boolean {
  return id.startsWith(text) || (meta !== null && `${meta.namespace}/${meta.name}`.includes(text));
}

function pattern(option: string, text: string | undefined): RegExp | null {
  if (text === undefined) return null;
  try {
    return new RegExp(text);
  } catch {
    throw new UsageError(`${option}: "${text}" is no regular expression`);
  }
}

function lastOf(args: Args): number | null {
  if (args.latest === true) return 1;
  const text = one(args, 'last');
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--last: "${text}" is no number of pods`);
  return Number(text);
}
