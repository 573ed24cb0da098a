import http2 from 'node:http2';
import type net from 'node:net';
import type { GrpcTransportOptions } from '@connectrpc/connect-node';

/** Bytes that may be under way before we must acknowledge: lists of thousands of pods come in one go. */
const WINDOW = 8 * 1024 * 1024;

type SessionManager = NonNullable<GrpcTransportOptions['sessionManager']>;

/** One HTTP/2 connection that all calls share, in the shape that the transport asks for. */
export interface Connection extends SessionManager {
  /** Ends the connection and every call on it. */
  close(): void;
}

/**
 * Connects with the first request, and again when the peer went away in between.
 * Connect's own manager stops listening for errors once it has failed; when the peer then says something
 * that is no HTTP/2, the late error event ends the process. Here somebody always listens.
 */
export function shareConnection(authority: string, connect: () => net.Socket): Connection {
  let current: { http: http2.ClientHttp2Session; ready: Promise<void> } | undefined;

  function open(): { http: http2.ClientHttp2Session; ready: Promise<void> } {
    const http = http2.connect(authority, {
      createConnection: connect,
      settings: { enablePush: false, initialWindowSize: WINDOW },
    });
    const ready = new Promise<void>((resolve, reject) => {
      http.once('connect', () => {
        http.setLocalWindowSize(WINDOW);
        resolve();
      });
      http.on('error', reject);
      http.once('close', () => reject(new Error('the connection was closed')));
    });
    return { http, ready };
  }

  return {
    authority,
    async request(method, path, headers, options) {
      if (current === undefined || current.http.closed || current.http.destroyed) current = open();
      const { http, ready } = current;
      await ready;
      return http.request({ ...headers, ':method': method, ':path': path }, options);
    },
    notifyResponseByteRead() {
      // For managers that keep idle connections alive; ours lives as long as a run.
    },
    close() {
      current?.http.destroy();
    },
  };
}
