import type { ProblemCode } from '../model/outcome.ts';

/** Why a call got no answer. */
export interface RpcFailure {
  code: ProblemCode;
  /** The method does not exist on this runtime: an absent thing, not a fault. */
  unimplemented: boolean;
  message: string;
}

/** Numbers of gRPC status codes that matter here. */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const UNIMPLEMENTED = 12;

const CAUSES: Record<string, { code: ProblemCode; words: string; next: string }> = {
  ENOENT: { code: 'missing', words: 'no such socket', next: 'is the runtime running?' },
  ECONNREFUSED: { code: 'unavailable', words: 'connection refused', next: 'is it running?' },
  EACCES: { code: 'denied', words: 'permission denied', next: 'run as root' },
  EPERM: { code: 'denied', words: 'not permitted', next: 'run as root' },
  ENOTSOCK: { code: 'malformed', words: 'it is no socket', next: 'give the socket with --runtime-endpoint' },
};

/** Words a failed call: what was asked, of whom, why it failed, what to try. */
export function rpcFailure(error: unknown, what: string, endpoint: string, timeoutMs: number): RpcFailure {
  const status = numberOf(error, 'code');
  const text = textOf(error);
  if (status === DEADLINE_EXCEEDED || status === CANCELLED) {
    const message = `${endpoint} accepted the connection but did not answer ${what} within ${timeoutMs / 1000} s`;
    return { code: 'timeout', unimplemented: false, message };
  }
  const errno = errnoOf(error);
  const cause = CAUSES[errno];
  if (cause) {
    const message = `cannot reach the runtime at ${endpoint}: ${cause.words}; ${cause.next}`;
    return { code: cause.code, unimplemented: false, message };
  }
  const message = `${endpoint} answered ${what} with an error: ${text}`;
  return { code: 'unavailable', unimplemented: status === UNIMPLEMENTED, message };
}

function numberOf(value: unknown, key: string): number | undefined {
  const found =
    value instanceof Error && key in value ? (value as unknown as Record<string, unknown>)[key] : undefined;
  return typeof found === 'number' ? found : undefined;
}

function textOf(error: unknown): string {
  if (error instanceof Error && 'rawMessage' in error) return String(error.rawMessage);
  return error instanceof Error ? error.message : String(error);
}

/** The errno name anywhere in the chain of causes, else in the text, else ''. */
function errnoOf(error: unknown): string {
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    if ('code' in e && typeof e.code === 'string' && e.code in CAUSES) return e.code;
  }
  return Object.keys(CAUSES).find((name) => textOf(error).includes(name)) ?? '';
}
