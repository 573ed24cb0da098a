import { expect, test, vi } from 'vitest';
import { httpGet } from '../../src/collect/http-get.ts';
import { authority, issued } from '../support/certificate.ts';
import { say, serveWeb } from '../support/web.ts';

const never = new AbortController().signal;

test('refusals, silence, floods, cut answers and redirects are told in words', async () => {
  const why = async (port: number, options = {}) => {
    const url = new URL(`http://127.0.0.1:${port}/`);
    const got = await httpGet(url, { timeoutMs: 5000, maxBytes: 1000, signal: never, ...options });
    return got.ok ? 'answered' : got.why;
  };
  const refused = await serveWeb(say('no', 403));
  expect(await why(refused.port)).toBe('answered 403 Forbidden');
  const silent = await serveWeb(() => {});
  expect(await why(silent.port, { timeoutMs: 50 })).toBe('no answer within 0.05 s');
  const drip = await serveWeb((_, response) => {
    response.write('{');
    const timer = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(timer));
  });
  expect(await why(drip.port, { timeoutMs: 200 })).toBe('no answer within 0.2 s');
  const flood = await serveWeb(say('x'.repeat(2000)));
  expect(await why(flood.port)).toBe('answered with more than 1000 bytes');
  const cut = await serveWeb((_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => response.destroy());
  });
  expect(await why(cut.port)).toMatch(/aborted|cut off|hang up/);
  const elsewhere = await serveWeb((_, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${flood.port}/` });
    response.end();
  });
  expect(await why(elsewhere.port)).toBe('answered 302 Found');
  const aborted = new AbortController();
  aborted.abort();
  expect(await why(silent.port, { signal: aborted.signal })).toBe('the run ended before it answered');
});

test('a server is believed only with a certificate of the authority that was named', async () => {
  const [ca, other] = [authority('one'), authority('other')];
  const { port, asked } = await serveWeb(say('hello'), issued(ca, { commonName: 'x' }, true));
  const get = (trusted: string) =>
    httpGet(new URL(`https://127.0.0.1:${port}/`), {
      ca: trusted,
      timeoutMs: 5000,
      maxBytes: 10,
      signal: never,
    });
  expect(await get(ca.cert)).toEqual({ ok: true, text: 'hello' });
  expect(await get(other.cert)).toMatchObject({ ok: false });
  expect(await get('no certificate')).toMatchObject({ ok: false });
  expect(asked).toHaveLength(1);
});

test('no variable of the environment makes it believe every server', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const { port } = await serveWeb(say('hello'), issued(authority('one'), { commonName: 'x' }, true));
  const { cert } = authority('other');
  const url = new URL(`https://127.0.0.1:${port}/`);
  const got = await httpGet(url, { ca: cert, timeoutMs: 5000, maxBytes: 10, signal: never });
  vi.unstubAllEnvs();
  expect(got.ok).toBe(false);
});
