import { expect, test } from 'vitest';
import { rpcFailure } from '../../src/cri/failure.ts';
import { GrpcError, UNAVAILABLE, UNKNOWN } from '../../src/cri/grpc.ts';

const call = { what: 'Version', endpoint: '/run/x.sock', timeoutMs: 1000, tookMs: 3 };

function refused(errno: string): Error {
  const cause = Object.assign(new Error(`connect ${errno} /run/x.sock`), { code: errno });
  return new GrpcError(UNAVAILABLE, cause.message, cause);
}

test.each([
  ['EACCES', 'denied', 'cannot reach the runtime at /run/x.sock: permission denied; run as root'],
  ['EPERM', 'denied', 'cannot reach the runtime at /run/x.sock: not permitted; run as root'],
  [
    'EAGAIN',
    'timeout',
    'cannot reach the runtime at /run/x.sock: its queue of connections is full; the runtime hangs',
  ],
])('%s of connect is %s', (errno, code, message) => {
  expect(rpcFailure(refused(errno), call)).toEqual({ code, unimplemented: false, message });
});

test("errno names in the runtime's own words are no failed connection", () => {
  const error = new GrpcError(UNKNOWN, 'open /var/lib/x: EACCES permission denied');
  expect(rpcFailure(error, call)).toEqual({
    code: 'unavailable',
    unimplemented: false,
    message: '/run/x.sock answered Version with an error: open /var/lib/x: EACCES permission denied',
  });
});

test('a stream that the runtime cuts at our deadline is no answer in time; cut earlier, it broke', () => {
  const cut = new GrpcError(UNAVAILABLE, 'the stream was closed without a status');
  expect(rpcFailure(cut, { ...call, tookMs: 998 })).toMatchObject({
    code: 'timeout',
    message: '/run/x.sock accepted the connection but did not answer Version within 1 s',
  });
  expect(rpcFailure(cut, call)).toMatchObject({
    code: 'unavailable',
    message: '/run/x.sock closed the connection before it had answered Version; is the runtime crashing?',
  });
});

test('whatever else is thrown becomes words', () => {
  expect(rpcFailure('nonsense', call).message).toBe('/run/x.sock answered Version with an error: nonsense');
});
