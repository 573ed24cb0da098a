import { describe, expect, it, test } from 'vitest';
import check from '../../../checks/image/pause-damaged.ts';
import { canRun } from '../../../src/derive/machine.ts';
import type { Facts, LogEvent, PauseProgram } from '../../../src/model/facts.ts';
import { emptyNode, judge, NOW, PAUSE, unread } from '../../support/node.ts';

function withProgram(program: Partial<PauseProgram>, emulators: string[] = []): Facts {
  const node = emptyNode();
  const { pauseContent } = node;
  const sound = pauseContent.program;
  if (!sound) throw new Error('the healthy node has a pause');
  node.pauseContent = { ...pauseContent, program: { ...sound, ...program }, emulators };
  return node;
}

function said(reason: string, event: Partial<LogEvent> = {}): Facts {
  const node = emptyNode();
  node.pauseContent.program = null;
  const one: LogEvent = {
    kind: 'pause-start',
    fields: { program: '/pause', reason },
    count: 2,
    last: NOW,
    ...event,
  };
  node.runtimeLog = [{ pid: 100, kind: 'containerd', source: '/var/log/containerd.log', events: [one] }];
  return node;
}

test.each<[string, Partial<PauseProgram>]>([
  ['empty', { kind: 'empty', size: 0, machine: null }],
  ['missing', { kind: 'missing', size: 0, executable: false, machine: null }],
  ['notExecutable', { executable: false }],
  ['noProgram', { kind: 'other', machine: null }],
  ['otherMachine', { machine: 183 }],
])('%s', async (messageId, program) => {
  const { findings } = await judge(check, withProgram(program));
  expect(findings).toMatchObject([{ messageId, severity: 'error', subject: { kind: 'image', id: PAUSE } }]);
  expect(findings[0]?.evidence[0]).toMatchObject({ fact: 'pauseContent' });
  expect(findings[0]?.remedies.map(({ risk }) => risk)).toEqual(['disruptive', 'destructive']);
});

test('says for which machine it is', async () => {
  const { findings } = await judge(check, withProgram({ machine: 183 }));
  expect(findings[0]?.message).toContain('is for aarch64, and this node is x64');
});

test.each([
  ['missing', 'missing'],
  ['format', 'noProgram'],
  ['not-executable', 'notExecutable'],
])('where no record leads to the files, the log tells: %s', async (reason, messageId) => {
  const { findings } = await judge(check, said(reason));
  expect(findings).toMatchObject([
    { messageId, evidence: [{ fact: 'runtimeLog', at: '/var/log/containerd.log' }] },
  ]);
});

const mended = said('missing');
mended.pauseContent = emptyNode().pauseContent;
test.each<[string, Facts]>([
  ['a healthy node', emptyNode()],
  ['a script', withProgram({ kind: 'script', machine: null })],
  ['a program for i386', withProgram({ machine: 3 })],
  ['another processor with an emulator', withProgram({ machine: 183 }, ['qemu-aarch64'])],
  ['a processor that nobody knows', withProgram({ machine: 4242 })],
  ['a start that failed before it was mended', mended],
  ['a start that failed for another reason', said('other')],
  ['a start from before the runtime started', said('missing', { last: NOW - 2 * 86_400_000 })],
  ['another program', said('missing', { fields: { program: '/app', reason: 'missing' } })],
])('%s is no finding', async (_, node) => {
  expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
});

test('a look that was not called for, or failed, is no finding', async () => {
  const node = withProgram({ kind: 'empty' });
  expect(await judge(check, node, { pauseContent: unread('unavailable', 'no') })).toMatchObject({
    verdict: 'pass',
  });
});

describe('canRun', () => {
  it.each([
    ['x64', 62, [], true],
    ['x64', 183, [], false],
    ['arm64', 40, [], true],
    ['arm64', 62, ['qemu-x86_64'], true],
    ['arm64', 62, ['qemu-riscv64'], false],
    ['s390x', 9999, [], null],
    ['mips', 62, [], null],
  ])('%s runs %s with %s: %s', (arch, elf, emulators, expected) => {
    expect(canRun(arch, elf, emulators)).toBe(expected);
  });
});

test('what was said before the image was imported anew is past', async () => {
  const node = said('missing');
  node.pauseContent.since = NOW + 1;
  expect((await judge(check, node)).findings).toEqual([]);
  node.pauseContent.since = NOW;
  expect((await judge(check, node)).findings).toHaveLength(1);
});
