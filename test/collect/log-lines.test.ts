import { expect, test } from 'vitest';
import { logEvents as allEvents } from '../../src/collect/log-lines.ts';
import type { LogEvent } from '../../src/model/facts.ts';

const AT = '2026-11-24T23:19:51.044956287Z';
const TIME = Date.parse(AT);
const POD =
  '&PodSandboxMetadata{Name:web,Uid:556aa664-0862-4995-999c-062ab245ec61,Namespace:shop,Attempt:0,}';
const IMAGE = 'registry.k8s.io/pause:3.9';
const ID = '5a3ff3ec36e5192641d8e7827ae9d2affb87ba549b0af9394569c6aec1e209ae';

/** Without what every failed attempt gives, whatever it failed for. */
function logEvents(text: string): LogEvent[] {
  return allEvents(text).filter(({ kind }) => kind !== 'sandbox-failed');
}

/** A line as containerd writes it: logfmt, with Go's quotes. */
function line(msg: string, error?: string): string {
  const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return `time="${AT}" level=error msg=${quoted(msg)}${error === undefined ? '' : ` error=${quoted(error)}`}\n`;
}

function runFailed(error: string): string {
  return line(`RunPodSandbox for ${POD} failed, error`, error);
}

/** The part of a failed start that is about the sandbox image, as containerd 2.1 and 1.6 word it. */
const of2 = (why: string) =>
  runFailed(
    `rpc error: code = Unknown desc = failed to start sandbox "${ID}": failed to get sandbox image "${IMAGE}": failed to pull image "${IMAGE}": failed to pull and unpack image "${IMAGE}": failed to resolve image: ${why}`,
  );
const of1 = (why: string) =>
  runFailed(
    `failed to get sandbox image "${IMAGE}": failed to pull image "${IMAGE}": failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${why}`,
  );

const one = (kind: LogEvent['kind'], fields: Record<string, string>): LogEvent[] => [
  { kind, fields, count: 1, last: TIME },
];

test.each([
  [
    'no basic auth credentials',
    of2(
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    ),
    { reason: 'unauthorized' },
  ],
  [
    '401 of 1.6',
    of1('pulling from host 127.0.0.1:43879 failed with status code [manifests 3.9]: 401 Unauthorized'),
    { reason: 'unauthorized', host: '127.0.0.1:43879' },
  ],
  [
    '403 of 2.1',
    of2(
      'unexpected status from HEAD request to http://127.0.0.1:35161/v2/pause/manifests/3.9?ns=registry.k8s.io: 403 Forbidden',
    ),
    { reason: 'forbidden', host: '127.0.0.1:35161' },
  ],
  [
    '403 of 1.6',
    of1('pulling from host 127.0.0.1:36025 failed with status code [manifests 3.9]: 403 Forbidden'),
    { reason: 'forbidden', host: '127.0.0.1:36025' },
  ],
  ['manifest unknown', of2(`${IMAGE}: not found`), { reason: 'not-found' }],
  [
    '429',
    of2(
      'unexpected status from HEAD request to http://127.0.0.1:41911/v2/pause/manifests/3.9?ns=registry.k8s.io: 429 Too Many Requests',
    ),
    { reason: 'too-many-requests', host: '127.0.0.1:41911' },
  ],
  [
    '500',
    of1(
      'pulling from host 127.0.0.1:44417 failed with status code [manifests 3.9]: 500 Internal Server Error',
    ),
    { reason: 'server-error', host: '127.0.0.1:44417' },
  ],
  [
    'refused',
    of2(
      'failed to do request: Head "http://127.0.0.1:9/v2/pause/manifests/3.9?ns=registry.k8s.io": dial tcp 127.0.0.1:9: connect: connection refused',
    ),
    { reason: 'connection-refused', host: '127.0.0.1:9' },
  ],
  [
    'no such host',
    of1(
      'failed to do request: Head "https://nowhere.invalid/v2/pause/manifests/3.9": dial tcp: lookup nowhere.invalid on 10.0.0.53:53: no such host',
    ),
    { reason: 'no-such-host', host: 'nowhere.invalid' },
  ],
  [
    'an address with secrets',
    of2(
      'failed to do request: Head "https://user:hunter2@r.example/v2/pause/manifests/3.9?token=hunter2": EOF',
    ),
    { reason: 'other', host: 'r.example' },
  ],
])('a sandbox image that could not be had: %s', (_, text, fields) => {
  expect(logEvents(text)).toEqual(one('sandbox-image', { image: IMAGE, ...fields }));
});

test.each([
  ['missing', 'exec: "/pause": stat /pause: no such file or directory'],
  ['not-executable', 'exec: "/pause": permission denied: unknown'],
  ['format', 'exec: "/pause": exec format error'],
])('a pause that cannot be started: %s', (reason, why) => {
  const error = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${why}`;
  expect(logEvents(runFailed(error))).toEqual(one('pause-start', { program: '/pause', reason }));
});

test('a name that is reserved, at a call and at a start that fails', () => {
  const reserved = `failed to reserve sandbox name "web_shop_u-1_0": name "web_shop_u-1_0" is reserved for "${ID}"`;
  const expected = one('name-reserved', { name: 'web_shop_u-1_0', holder: ID });
  expect(logEvents(runFailed(`rpc error: code = FailedPrecondition desc = ${reserved}`))).toEqual(expected);
  expect(logEvents(line('Failed to run CRI service', `failed to recover state: ${reserved}`))).toEqual(
    expected,
  );
});

test('a database that another process holds', () => {
  expect(logEvents(line('waiting for response from boltdb open'))).toEqual(one('database-locked', {}));
});

test('what is said again is counted, and comes last', () => {
  const events = logEvents(
    of2('x: 403 Forbidden') + line('waiting for response from boltdb open') + of2('x: 403 Forbidden'),
  );
  expect(events.map(({ kind, count }) => [kind, count])).toEqual([
    ['database-locked', 1],
    ['sandbox-image', 2],
  ]);
});

test("containerd's JSON form", () => {
  const json = {
    error: `failed to get sandbox image "${IMAGE}": 401 Unauthorized`,
    level: 'error',
    msg: `RunPodSandbox for ${POD} failed, error`,
    time: AT,
  };
  expect(logEvents(JSON.stringify(json))).toEqual(
    one('sandbox-image', { image: IMAGE, reason: 'unauthorized' }),
  );
});

test.each([
  [
    'an app image',
    line(`PullImage "evil" failed`, `failed to get sandbox image "${IMAGE}": 401 Unauthorized`),
  ],
  [
    'a program of a container',
    line('StartContainer for "c" failed', 'OCI runtime create failed: exec: "/pause": permission denied'),
  ],
  [
    'another line',
    'failed to get sandbox image\nis reserved for\n{"msg": 7}\n{"failed to get sandbox image\n',
  ],
  ['a line without end', `msg="${'x'.repeat(20_000)} is reserved for`],
  ['nothing', ''],
])('%s is no event', (_, text) => {
  expect(logEvents(text)).toEqual([]);
});

const made = line(`RunPodSandbox for ${POD} returns sandbox id "${ID}"`);
const ranByCrio = `time="${AT}" level=info msg="Ran pod sandbox ${ID} with infra container: shop/web/POD" id=4 name=/runtime.v1.RuntimeService/RunPodSandbox\n`;
const takenBackByCrio = `time="${AT}" level=info msg="runSandbox: releasing pod sandbox name: k8s_web_shop_u_0" id=4\n`;

test.each([
  ['the sandbox image', of2('x: 403 Forbidden'), { reason: 'image' }],
  [
    'the network',
    runFailed(`failed to setup network for sandbox "${ID}": plugin type="bridge" failed (add)`),
    { reason: 'network' },
  ],
  [
    'a name',
    runFailed('failed to reserve sandbox name "a": name "a" is reserved for "b"'),
    { reason: 'name' },
  ],
  [
    'the start',
    runFailed('failed to create containerd task: OCI runtime create failed: runc'),
    { reason: 'start' },
  ],
  [
    'time',
    runFailed('rpc error: code = DeadlineExceeded desc = context deadline exceeded'),
    { reason: 'deadline' },
  ],
  ['something else', runFailed('no space left on device'), { reason: 'other' }],
  ['CRI-O, which does not say', takenBackByCrio, {}],
])('a sandbox that could not be made: %s', (_, text, { reason }: { reason?: string }) => {
  const failed = allEvents(text).filter(({ kind }) => kind === 'sandbox-failed');
  expect(failed.map(({ fields, count }) => [fields.reason, count])).toEqual([[reason, 1]]);
});

test('failures count from the last sandbox that could be made', () => {
  const fails = (text: string) =>
    allEvents(text).flatMap(({ kind, count }) => (kind === 'sandbox-failed' ? [count] : []));
  const failed = runFailed('no space left on device');
  expect(fails(failed + failed + made)).toEqual([]);
  expect(fails(failed + made + failed + failed)).toEqual([2]);
  expect(fails(takenBackByCrio + takenBackByCrio + ranByCrio + takenBackByCrio)).toEqual([1]);
});

test.each(['suspected dirty', 'suspected unclean', 'unclean'])('CRI-O wipes its storage: %s', (how) => {
  const said = `File /var/lib/crio/clean.shutdown not found. Wiping storage directory /var/lib/containers/storage because of ${how} shutdown`;
  expect(logEvents(line(said))).toEqual(one('storage-wiped', { path: '/var/lib/containers/storage' }));
});
