import { expect, test } from 'vitest';
import check from '../../../checks/image/pull-failing.ts';
import type { Facts, LogEvent } from '../../../src/model/facts.ts';
import { emptyNode, judge, NOW, PAUSE, unread } from '../../support/node.ts';

/** A node without the sandbox image whose runtime said why. */
function refused(fields: Record<string, string>, event: Partial<LogEvent> = {}): Facts {
  const node = emptyNode();
  node.images = [];
  const said: LogEvent = {
    kind: 'sandbox-image',
    fields: { image: PAUSE, ...fields },
    count: 3,
    last: NOW,
    ...event,
  };
  node.runtimeLog = [{ pid: 100, kind: 'containerd', source: '/var/log/containerd.log', events: [said] }];
  return node;
}

test.each([
  [
    'unauthorized',
    'noCredentials',
    'The runtime has no credentials for the sandbox image: registry.k8s.io wants some',
    'ctr -n k8s.io images pull --user USER',
  ],
  [
    'forbidden',
    'forbidden',
    'The registry registry.k8s.io forbids the runtime the sandbox image',
    'ctr -n k8s.io images pull --user USER',
  ],
  [
    'not-found',
    'notInRegistry',
    'The registry registry.k8s.io does not have the sandbox image',
    'containerd config dump',
  ],
  [
    'connection-refused',
    'unreachable',
    'cannot reach registry.k8s.io for the sandbox image',
    'curl -sSI https://registry.k8s.io/v2/',
  ],
  ['no-such-host', 'unreachable', ': no such host', 'curl'],
  ['timeout', 'unreachable', ': timeout', 'curl'],
  ['unreachable', 'unreachable', ': unreachable', 'curl'],
  ['certificate', 'failed', ': certificate', 'curl'],
  ['other', 'failed', ": see the runtime's log", 'curl'],
])('%s is told as %s', async (reason, messageId, words, command) => {
  const { verdict, findings } = await judge(check, refused({ reason }));
  expect(verdict).toBe('found');
  expect(findings).toMatchObject([{ messageId, severity: 'error', subject: { kind: 'image', id: PAUSE } }]);
  expect(findings[0]?.message).toContain(words);
  expect(findings[0]?.remedies[0]?.commands[0]).toContain(command);
  expect(findings[0]?.evidence[0]).toMatchObject({ fact: 'runtimeLog', at: '/var/log/containerd.log' });
});

test('names the host that was asked, and explains that the image is missing', async () => {
  const { findings } = await judge(check, refused({ reason: 'forbidden', host: 'mirror.example:5000' }));
  expect(findings[0]?.message).toContain('mirror.example:5000 forbids');
  expect(findings[0]?.data.reference).toBe(PAUSE);
  expect(check.meta.explains).toContainEqual({ check: 'image/sandbox-image-missing', same: 'reference' });
});

test('the last word counts', async () => {
  const node = refused({ reason: 'unauthorized' });
  node.runtimeLog[0]?.events.push({
    kind: 'sandbox-image',
    fields: { image: PAUSE, reason: 'connection-refused' },
    count: 1,
    last: NOW,
  });
  expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'unreachable' }]);
});

test.each<[string, Facts]>([
  ['an image that is here', { ...refused({ reason: 'unauthorized' }), images: emptyNode().images }],
  ['another reference', refused({ image: 'registry.k8s.io/pause:3.1', reason: 'unauthorized' })],
  ['a word from before the start', refused({ reason: 'unauthorized' }, { last: NOW - 2 * 86_400_000 })],
  ['a word without a time', refused({ reason: 'unauthorized' }, { last: null })],
  ['a word about something else', refused({ reason: 'missing' }, { kind: 'pause-start' })],
  ['the log of another runtime', { ...refused({ reason: 'unauthorized' }), daemons: [] }],
])('%s is no finding', async (_, node) => {
  expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
});

test('without a log nothing is said', async () => {
  const node = refused({ reason: 'unauthorized' });
  const instead = { runtimeLog: unread('denied', 'cannot read it') };
  expect(await judge(check, node, instead)).toMatchObject({ verdict: 'pass' });
});

test('the spelling of a reference does not matter', async () => {
  const node = refused({ image: 'docker.io/library/pause:3.9', reason: 'forbidden' });
  node.runtime.sandboxImage = 'pause:3.9';
  expect((await judge(check, node)).findings).toHaveLength(1);
});
