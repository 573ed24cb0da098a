import { outputsOf, pauseLogPath } from '../../collect/pause-log.ts';
import { factOf, type PodView, type Seen } from '../../derive/pod-view.ts';
import { isOwn } from '../../derive/sandbox-view.ts';
import type { ReadHost } from '../../host/read-host.ts';
import { escapeText } from '../../report/escape.ts';
import type { Terminal } from '../terminal.ts';
import { type LogOptions, lastOf, logWriter, openNodeLog } from './log-file.ts';

/** A pause should print nothing. Where its runtime keeps no output, that is said, with what the kernel shows. */
export function pauseLog(
  host: ReadHost,
  seen: Seen,
  pod: PodView,
  options: LogOptions,
  terminal: Terminal,
): number {
  const title = escapeText(pod.title);
  const file = pauseLogPath(host, pod.bundle);
  const log = file === null ? null : openNodeLog(host, file);
  if (file === null || log === null) {
    const runtime = isOwn(pod) ? 'podctl' : (factOf(seen, 'runtime')?.name ?? 'its runtime');
    terminal.err(`${title}: ${escapeText(runtime)} keeps no output of a pause${pauseOutput(host, pod)}\n`);
    terminal.err(
      `hint: podctl logs ${title} CONTAINER prints a container's: ${names(pod) || 'it has none'}\n`,
    );
    return 1;
  }
  try {
    const lines = log.more();
    const write = logWriter(terminal, options);
    for (const line of lastOf(lines, options.tail)) write(line);
    terminal.err(
      lines.length === 0
        ? `${title}: its pause has printed nothing, as it should: ${escapeText(file)} is empty\n`
        : `${title}: its pause printed ${lines.length} lines, and should print nothing: ${escapeText(file)}\n`,
    );
    return 0;
  } finally {
    log.close();
  }
}

function pauseOutput(host: ReadHost, { pause }: PodView): string {
  const outputs = pause && outputsOf(host, pause);
  if (!outputs) return '';
  return `: stdout and stderr of its pause, process ${pause.pid}, are ${outputs.map(escapeText).join(' and ')}`;
}

function names({ containers }: PodView): string {
  return [...new Set(containers.map((c) => escapeText(c.name)))].join(', ');
}
