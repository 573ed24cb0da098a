import http2 from 'node:http2';
import type net from 'node:net';

/** Bytes that may be under way before we must acknowledge: lists of thousands of pods come in one go. */
const WINDOW = 8 * 1024 * 1024;

/** One HTTP/2 connection that all calls share. */
export interface Connection {
  /** The connection, made by the first call, and again when the peer went away in between. Throws the system's error. */
  open(): Promise<http2.ClientHttp2Session>;
  /** Ends the connection and every call on it. */
  close(): void;
}

/** A connection over sockets that `connect` makes. Opens nothing yet. */
export function shareConnection(connect: () => net.Socket): Connection {
  let current: { http: http2.ClientHttp2Session; ready: Promise<http2.ClientHttp2Session> } | undefined;

  function begin(): { http: http2.ClientHttp2Session; ready: Promise<http2.ClientHttp2Session> } {
    const http = http2.connect('http://localhost', {
      createConnection: connect,
      settings: { enablePush: false, initialWindowSize: WINDOW },
    });
    const ready = new Promise<http2.ClientHttp2Session>((resolve, reject) => {
      http.once('connect', () => {
        http.setLocalWindowSize(WINDOW);
        resolve(http);
      });
      // For good: a peer that says something else than HTTP/2 may make an error after the first one.
      http.on('error', reject);
      http.once('close', () => reject(new Error('the connection was closed')));
    });
    return { http, ready };
  }

  return {
    open() {
      if (current === undefined || current.http.closed || current.http.destroyed) current = begin();
      return current.ready;
    },
    close() {
      current?.http.destroy();
    },
  };
}
