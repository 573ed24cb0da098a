import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Served {
  port: number;
  /** What was asked, in order: path with query, and the headers. */
  asked: { url: string; headers: http.IncomingHttpHeaders }[];
}

/** A real server at a free port of 127.0.0.1; it is closed when the test ends. */
export async function serveWeb(answer: http.RequestListener, tls?: https.ServerOptions): Promise<Served> {
  const asked: Served['asked'] = [];
  const listener: http.RequestListener = (request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    answer(request, response);
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

/** Answers with a body, whatever is asked. */
export function say(body: unknown, status = 200): http.RequestListener {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}
