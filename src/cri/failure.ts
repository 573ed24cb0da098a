import type { ProblemCode } from '../model/outcome.ts';
import { CANCELLED, DEADLINE_EXCEEDED, INTERNAL, NOT_FOUND, UNAVAILABLE, UNIMPLEMENTED } from './grpc.ts';

/** Why a call got no answer. */
export interface RpcFailure {
  code: ProblemCode;
  /** The method does not exist on this runtime: an absent thing, not a fault. */
  unimplemented: boolean;
  /** The runtime answered that it has no such thing. */
  notFound?: true;
  message: string;
}

/** The call that failed: its name, whom it asked, and how long it was given and took. */
export interface FailedCall {
  what: string;
  endpoint: string;
  timeoutMs: number;
  tookMs: number;
}

interface Cause {
  code: ProblemCode;
  words: string;
  next: string;
}

const CAUSES: Record<string, Cause> = {
  ENOENT: { code: 'missing', words: 'no such socket', next: 'is the runtime running?' },
  ENOTDIR: { code: 'missing', words: 'a part of the path is no folder', next: 'is the path right?' },
  ECONNREFUSED: { code: 'unavailable', words: 'connection refused', next: 'is the runtime running?' },
  EACCES: { code: 'denied', words: 'permission denied', next: 'run as root' },
  EPERM: { code: 'denied', words: 'not permitted', next: 'run as root' },
  ENOTSOCK: { code: 'malformed', words: 'it is no socket', next: 'give the socket with --runtime-endpoint' },
  // A unix socket refuses with EAGAIN when its queue is full: its owner has stopped accepting.
  EAGAIN: { code: 'timeout', words: 'its queue of connections is full', next: 'the runtime hangs' },
};

/** Words of Node and nghttp2 for a peer that says something else than HTTP/2. */
const NOT_HTTP2 = /protocol error|ERR_HTTP2_ERROR|HTTP\/1|HTTP \d{3}/i;

/** Words a failed call: what was asked, of whom, why it failed, what to try. */
export function rpcFailure(error: unknown, call: FailedCall): RpcFailure {
  const { what, endpoint } = call;
  const status = numberOf(error, 'code');
  const text = textOf(error);
  if ((status === DEADLINE_EXCEEDED || isBroken(error, status)) && ranOut(call)) {
    const message = `${endpoint} accepted the connection but did not answer ${what} within ${call.timeoutMs / 1000} s`;
    return { code: 'timeout', unimplemented: false, message };
  }
  const errno = errnoOf(error);
  const cause = CAUSES[errno];
  if (cause) {
    const message = `cannot reach the runtime at ${endpoint}: ${cause.words}; ${cause.next}`;
    return { code: cause.code, unimplemented: false, message };
  }
  if (status === UNIMPLEMENTED && text.includes('unknown service runtime.v1.')) {
    const message = `${endpoint} answers but offers no CRI v1: it is switched off (disabled_plugins), failed to load, or older than containerd 1.6; see the runtime's log`;
    return { code: 'unavailable', unimplemented: true, message };
  }
  if ((status === INTERNAL || status === UNAVAILABLE || status === UNIMPLEMENTED) && NOT_HTTP2.test(text)) {
    const message = `${endpoint} does not speak gRPC (${text}); give the runtime's socket with --runtime-endpoint`;
    return { code: 'malformed', unimplemented: false, message };
  }
  if (isBroken(error, status)) {
    const message = `${endpoint} closed the connection before it had answered ${what}; is the runtime crashing?`;
    return { code: 'unavailable', unimplemented: false, message };
  }
  const message = `${endpoint} answered ${what} with an error: ${text}`;
  const failure: RpcFailure = { code: 'unavailable', unimplemented: status === UNIMPLEMENTED, message };
  return status === NOT_FOUND ? { ...failure, notFound: true } : failure;
}

/**
 * A runtime may answer "deadline exceeded" of something of its own: that came early, and is an answer. It knows our
 * deadline too, and may cut the stream then, just before we do.
 */
function ranOut({ timeoutMs, tookMs }: FailedCall): boolean {
  return tookMs >= timeoutMs * 0.9;
}

/** The peer went away: a cancelled stream is never its answer. */
function isBroken(error: unknown, status: number | undefined): boolean {
  return (
    status === CANCELLED || /ECONNRESET|EPIPE|connection was closed|stream (was )?closed/.test(chain(error))
  );
}

function numberOf(value: unknown, key: string): number | undefined {
  const found =
    value instanceof Error && key in value ? (value as unknown as Record<string, unknown>)[key] : undefined;
  return typeof found === 'number' ? found : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function causes(error: unknown): Error[] {
  const all: Error[] = [];
  for (let e = error; e instanceof Error && all.length < 5; e = e.cause) all.push(e);
  return all;
}

function chain(error: unknown): string {
  return causes(error)
    .map((e) => `${'code' in e ? e.code : ''} ${e.message}`)
    .join('\n');
}

/** The errno name of a failed connection, '' if it is none. Never from the peer's own words. */
function errnoOf(error: unknown): string {
  for (const e of causes(error)) {
    if ('code' in e && typeof e.code === 'string' && e.code in CAUSES) return e.code;
  }
  return '';
}
