import http2 from 'node:http2';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { CRI } from './families/cri.ts';
import { fuzzAll } from './fuzz.ts';
import { random } from './random.ts';

fuzzAll('answers of runtimes', CRI);

const ASKED = ['runtime', 'sandboxes', 'containers', 'images', 'store', 'storeContainers', 'tasks'] as const;
const ROUNDS = 150;
/** A Version that names containerd, so that its own API is asked too. */
const VERSION = Buffer.from('\x0a\x05v1\0\0\0\x12\x0acontainerd\x1a\x05v2.1\0', 'latin1');

test('a server that answers with anything is a problem that names its socket, and no crash', async () => {
  const socket = path.join(temporaryFolder(), 's');
  let chance = random(1);
  const server = http2.createServer((request, response) => answer(request.url, response, () => chance));
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('sessionError', () => {});
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    chance = random(seed);
    const look = { endpoint: socket, env: {}, rpcTimeoutMs: 5000 };
    const facts = await gather(collectors, ASKED, createReadHost(), look, new AbortController().signal);
    for (const name of ASKED) {
      const outcome = facts[name];
      const problems = outcome?.status === 'failed' ? [outcome.problem] : [];
      for (const { code, message } of problems) {
        expect(code, `seed ${seed}, ${name}: ${message}`).not.toBe('crashed');
        expect(message, `seed ${seed}, ${name}`).toContain(socket);
      }
    }
  }
});

/** A message of noise, more or less well framed, with a status or without. */
function answer(
  url: string,
  response: http2.Http2ServerResponse,
  chance: () => ReturnType<typeof random>,
): void {
  const { below, pick } = chance();
  const noise = Buffer.from(Array.from({ length: below(200) }, () => below(256)));
  const body = url.endsWith('/Version') && below(4) > 0 ? VERSION : noise;
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(pick([body.length, body.length, body.length, body.length + 1, 0, 2 ** 32 - 1]), 1);
  prefix[0] = pick([0, 0, 0, 0, 1]);
  response.stream.on('error', () => {});
  response.writeHead(pick([200, 200, 200, 200, 200, 503]), {
    'content-type': pick(['application/grpc', 'application/grpc', 'application/grpc+proto', 'text/html']),
    trailer: 'grpc-status',
  });
  if (below(10) === 0) return void response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  if (below(20) > 0)
    response.addTrailers({ 'grpc-status': pick(['0', '0', '0', '0', '13', 'x']), 'grpc-message': '%zz\x7f' });
  response.end(Buffer.concat([prefix, body]));
}
