import type { ReportResult } from '../host/run-report.ts';
import { isObject } from '../model/shape.ts';
import { type Attachment, argsText } from './attachment.ts';
import { type CniCommand, CniError, type CniErrorKind } from './error.ts';
import { describePlace, findPlugin } from './find-plugin.ts';
import { shown } from './redact.ts';
import type { CniRuntime } from './runtime.ts';

const MAX_OUTPUT = 1024 * 1024;

/** One run of one plugin. */
export interface PluginCall {
  command: CniCommand;
  type: string;
  network: string | null;
  /** Configuration file, for messages. */
  file: string | null;
  /** Null for GC, STATUS and VERSION, which concern no attachment. */
  attachment: Attachment | null;
  /** Goes to stdin as JSON. */
  conf: Record<string, unknown>;
}

/** What to do about the error codes that the specification reserves. */
const NEXT: Record<number, string> = {
  1: 'name a cniVersion that it supports',
  2: 'take the field out of the configuration',
  3: 'nothing needs cleaning up for this container',
  4: 'this is a fault of the caller, not of the configuration',
  7: 'mend the configuration',
  11: 'try again',
  50: 'see what the plugin needs: its daemon, addresses or devices',
  51: 'see what the plugin needs; existing containers may have lost their network',
};

/**
 * Runs a plugin and gives what it wrote to stdout. Throws CniError, each way to fail under a kind of its own:
 * `plugin-missing`, `not-started`, `timed-out`, `too-much-output`, `plugin-error` (an error result, with its
 * code), `crashed` (it failed without one), `error-on-success` (an error result and exit code 0).
 */
export async function callPlugin(runtime: CniRuntime, call: PluginCall): Promise<string> {
  const { network, file, type, command } = call;
  const program = findPlugin(type, runtime.binFolders, { network, file, command });
  if (runtime.signal?.aborted)
    throw blame(call, 'timed-out', `was not sent ${command}: interrupted`, 'run it again');
  const { runReporting } = await import('../host/run-report.ts');
  const result = await runReporting(program, [], {
    report: false,
    timeoutMs: runtime.timeoutMs,
    maxOutput: MAX_OUTPUT,
    env: environment(runtime, call),
    input: JSON.stringify(call.conf),
    ...(runtime.signal ? { signal: runtime.signal } : {}),
  });
  const failure = failureOf(runtime, call, result);
  if (failure) throw failure;
  return result.stdout;
}

/** An error about one call: where, what failed, why, what next. */
export function blame(
  call: PluginCall,
  kind: CniErrorKind,
  cause: string,
  next: string,
  code: number | null = null,
): CniError {
  const { network, file, type, command } = call;
  const where = describePlace({ network, file });
  const message = `${where}plugin ${type} ${cause}; ${next}`;
  return new CniError(kind, message, { network, file, plugin: type, command, code });
}

/** Nothing of our own environment but PATH: it may hold secrets, and CNI_* of whoever started us. */
function environment(runtime: CniRuntime, call: PluginCall): Record<string, string> {
  // Plugins of the first versions insist on values even for VERSION.
  const none = call.command === 'VERSION' ? 'dummy' : '';
  const { attachment } = call;
  return {
    CNI_COMMAND: call.command,
    CNI_CONTAINERID: attachment?.containerId ?? '',
    CNI_NETNS: attachment?.netns ?? none,
    CNI_IFNAME: attachment?.ifName ?? none,
    CNI_ARGS: attachment ? argsText(attachment) : '',
    CNI_PATH: runtime.binFolders.join(':'),
    PATH: runtime.envPath,
  };
}

function failureOf(runtime: CniRuntime, call: PluginCall, result: ReportResult): CniError | null {
  const { command, conf } = call;
  const look = 'look at the plugin and what it waits for';
  if (result.startError !== null) {
    return blame(call, 'not-started', `cannot be started: ${shown(result.startError, conf)}`, 'reinstall it');
  }
  if (result.overflowed) {
    const cause = `wrote more than ${MAX_OUTPUT / 1024} KiB on ${command} and was killed`;
    return blame(call, 'too-much-output', cause, 'it is broken or no CNI plugin: replace it');
  }
  if (result.timedOut) {
    const ended = runtime.signal?.aborted
      ? 'was interrupted'
      : `did not end within ${runtime.timeoutMs / 1000} s`;
    return blame(call, 'timed-out', `${ended} on ${command} and was killed with its children`, look);
  }
  const error = errorBody(result.stdout);
  if (result.exitCode === 0) {
    if (!error) return null;
    const cause = `ended ${command} with exit code 0 and yet reported: ${shown(error.text, conf)}`;
    return blame(call, 'error-on-success', cause, 'taken as a failure; the plugin is faulty', error.code);
  }
  if (error) {
    const cause = `failed on ${command}: ${shown(error.text, conf)} (CNI error ${error.code})`;
    return blame(call, 'plugin-error', cause, NEXT[error.code] ?? 'see what the plugin says', error.code);
  }
  const ended =
    result.exitCode === null ? 'was killed by a signal' : `ended with exit code ${result.exitCode}`;
  const said = shown(result.stderr || result.stdout, conf);
  return blame(call, 'crashed', `${ended} on ${command}${said ? `: ${said}` : ' and said nothing'}`, look);
}

/** The error result in a plugin's output; null when it is something else. A result may carry no code. */
function errorBody(stdout: string): { code: number; text: string } | null {
  const body = parsed(stdout);
  if (!isObject(body) || typeof body.code !== 'number' || body.code === 0) return null;
  const texts = [body.msg, body.details].filter((text) => typeof text === 'string' && text !== '');
  return { code: body.code, text: texts.join(': ') || 'no message' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
