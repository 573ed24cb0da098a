import { findPods } from '../../derive/find-pod.ts';
import type { PodView } from '../../derive/pod-view.ts';
import { escapeText } from '../../report/escape.ts';
import { nearNames } from '../near.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const SHOWN = 5;

/** The one pod that a text means; null, and said so, when there is none. Several are a usage error. */
export function whichPod(pods: readonly PodView[], text: string, terminal: Terminal): PodView | null {
  const [found, ...others] = findPods(pods, text);
  if (found !== undefined && others.length === 0) return found;
  if (found !== undefined) throw ambiguous(text, [found, ...others]);
  tellNone('pod', text, namesOf(pods), terminal);
  return null;
}

/** `error: no pod is called "wbe"`, with what may have been meant. */
export function tellNone(what: string, text: string, names: readonly string[], terminal: Terminal): void {
  const near = nearNames(text, names);
  terminal.err(`error: no ${what} is called "${escapeText(text.slice(0, 253))}"\n`);
  if (near.length > 0) terminal.err(`hint: did you mean ${near.map(escapeText).join(' or ')}?\n`);
}

export function ambiguous(text: string, pods: readonly { id: string; title: string }[]): UsageError {
  const listed = pods.slice(0, SHOWN).map(({ id, title }) => `${title} (${id.slice(0, 13)})`);
  const more = pods.length > SHOWN ? `, and ${pods.length - SHOWN} more` : '';
  return new UsageError(`"${text}" may be any of ${listed.join(', ')}${more}`, 'name one by its id');
}

function namesOf(pods: readonly PodView[]): string[] {
  return [...new Set(pods.flatMap(({ meta }) => (meta ? [`${meta.namespace}/${meta.name}`] : [])))];
}
