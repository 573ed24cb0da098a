import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';

export interface GetOptions extends RequestOptions {
  /** For the whole answer. */
  timeoutMs: number;
  /** Bytes. */
  maxBytes: number;
  signal: AbortSignal;
}

/** A text, or why there is none: in words, without anything that was sent. */
export type Got = { ok: true; text: string } | { ok: false; why: string };

/** One GET without redirects, proxies, or a second try. The deadline is for the whole answer. */
export async function httpGet(
  url: URL,
  { timeoutMs, maxBytes, signal, ...options }: GetOptions,
): Promise<Got> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const answer = new Promise<Got>((resolve) => {
    // Said aloud, or a variable of the environment would have every server believed.
    const sent = request(url, { ...options, agent: false, method: 'GET', rejectUnauthorized: true });
    const end = (got: Got) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      sent.destroy();
      resolve(got);
    };
    const stop = () => end({ ok: false, why: 'the run ended before it answered' });
    const timer = setTimeout(
      () => end({ ok: false, why: `no answer within ${timeoutMs / 1000} s` }),
      timeoutMs,
    );
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    sent.on('error', (error) => end({ ok: false, why: error.message || 'the connection failed' }));
    sent.on('response', (response) => receive(response, maxBytes, end));
    sent.end();
  });
  // A certificate that is none is thrown at once.
  return answer.catch((error) => ({
    ok: false,
    why: error instanceof Error ? error.message : String(error),
  }));
}

function receive(response: IncomingMessage, maxBytes: number, end: (got: Got) => void): void {
  if (response.statusCode !== 200) {
    end({ ok: false, why: `answered ${response.statusCode} ${response.statusMessage ?? ''}`.trim() });
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) end({ ok: false, why: `answered with more than ${maxBytes} bytes` });
  });
  response.on('error', (error) => end({ ok: false, why: error.message }));
  response.on('end', () =>
    end(
      response.complete
        ? { ok: true, text: Buffer.concat(chunks).toString('utf8') }
        : { ok: false, why: 'the answer was cut off' },
    ),
  );
}
