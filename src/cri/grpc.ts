import type http2 from 'node:http2';
import type { Connection } from './connection.ts';

/** Numbers of gRPC status codes that are made or judged here. */
export const CANCELLED = 1;
export const UNKNOWN = 2;
export const DEADLINE_EXCEEDED = 4;
export const NOT_FOUND = 5;
export const UNIMPLEMENTED = 12;
export const INTERNAL = 13;
export const UNAVAILABLE = 14;

/** A call that ended without an answer: gRPC's status, the peer's words or ours, and the system's error if any. */
export class GrpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface UnaryOptions {
  timeoutMs: number;
  signal: AbortSignal;
  headers: Record<string, string>;
}

/** A flag that says whether what follows is compressed, then its length. */
const PREFIX = 5;

/** gRPC allows eight digits. */
const MAX_TIMEOUT = 99_999_999;

/** One message out, one back, as bytes. Throws GrpcError, also at the deadline, or the error of connecting. */
export function unary(
  connection: Connection,
  path: string,
  message: Uint8Array,
  { timeoutMs, signal, headers }: UnaryOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let stream: http2.ClientHttp2Stream | undefined;
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: unknown) => {
      settle();
      reject(error);
      stream?.close();
    };
    const abort = () => fail(new GrpcError(CANCELLED, 'the call was cancelled'));
    const timer = setTimeout(() => fail(new GrpcError(DEADLINE_EXCEEDED, 'the deadline passed')), timeoutMs);
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);
    connection.open().then((http) => {
      if (signal.aborted) return;
      stream = http.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc+proto',
        te: 'trailers',
        'grpc-timeout': `${Math.min(Math.ceil(timeoutMs), MAX_TIMEOUT)}m`,
        ...headers,
      });
      collect(stream, (answer) => {
        settle();
        try {
          resolve(answer());
        } catch (error) {
          reject(error);
        }
      });
      const prefix = Buffer.alloc(PREFIX);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    }, fail);
  });
}

/** Calls `done` once, when the stream has ended, with what gives the message or throws. */
function collect(stream: http2.ClientHttp2Stream, done: (answer: () => Buffer) => void): void {
  const chunks: Buffer[] = [];
  let status: http2.IncomingHttpHeaders = {};
  let problem: GrpcError | undefined;
  stream.on('response', (headers) => {
    status = headers;
    problem = strangeAnswer(headers);
  });
  stream.on('trailers', (trailers) => {
    status = trailers;
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', (error) => {
    problem ??= new GrpcError(UNAVAILABLE, error.message, error);
  });
  stream.on('close', () =>
    done(() => {
      if (problem) throw problem;
      requireOk(status);
      return messageOf(chunks);
    }),
  );
}

/** What answers, but not in gRPC. */
function strangeAnswer(
  headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader,
): GrpcError | undefined {
  const code = headers[':status'];
  if (code !== 200) return new GrpcError(UNAVAILABLE, `HTTP ${code}`);
  const type = String(headers['content-type'] ?? '');
  if (type.startsWith('application/grpc')) return undefined;
  return new GrpcError(INTERNAL, `protocol error: an answer of type "${type.slice(0, 100)}"`);
}

function requireOk(headers: http2.IncomingHttpHeaders): void {
  const status = headers['grpc-status'];
  if (status === undefined) throw new GrpcError(UNAVAILABLE, 'the stream was closed without a status');
  if (status !== '0')
    throw new GrpcError(Number(status) || UNKNOWN, words(String(headers['grpc-message'] ?? '')));
}

/** gRPC's messages are percent-encoded; what is not well formed is shown as it came. */
function words(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function messageOf(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  const all = only && chunks.length === 1 ? only : Buffer.concat(chunks);
  if (all.length < PREFIX || all[0] !== 0 || all.readUInt32BE(1) !== all.length - PREFIX)
    throw new GrpcError(INTERNAL, `protocol error: ${all.length} bytes that are not one plain message`);
  return all.subarray(PREFIX);
}
