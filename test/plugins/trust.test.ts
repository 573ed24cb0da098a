import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checksFolder, execOf, judged, moduleOf } from './kit.ts';

const STRANGER = 4711;
const isRoot = process.geteuid?.() === 0;
const OK = moduleOf('acme.a/ok', 'return [];');

interface Refused {
  fault: string;
  cure: string;
}

/** What is said of each file that is refused, and of the check that would have been used. */
async function refused(folder: string): Promise<Refused[]> {
  const { check, report } = await judged(folder);
  const { findings } = check('podctl/check-unusable');
  if (findings.length > 0) expect(report.checks.map(({ id }) => id)).not.toContain('acme.a/ok');
  else expect(check('acme.a/ok').verdict).toBe('pass');
  return findings.map(({ message, remedies, messageId }) => {
    expect(messageId).toBe('untrusted');
    return { fault: message, cure: remedies[0]?.commands[0] ?? '' };
  });
}

/** The cure, carried out as an operator would, leaves nothing to refuse. */
async function curedBy(folder: string, { cure }: Refused): Promise<void> {
  execFileSync('sh', ['-c', cure]);
  expect(await refused(folder)).toEqual([]);
}

/** A folder of checks inside another one, with what a test does to it. */
async function refusal(spoil: (at: (name: string) => string) => string | undefined): Promise<void> {
  const outer = checksFolder({ 'in/checks/ok.check.mjs': OK });
  const at = (name: string) => path.join(outer, name);
  fs.renameSync(at('node.json'), at('in/checks/node.json'));
  for (const name of ['in', 'in/checks']) fs.chmodSync(at(name), 0o755);
  const folder = spoil(at) ?? at('in/checks');
  const [first, ...others] = await refused(folder);
  expect(others).toEqual([]);
  expect(first?.fault).toMatch(/ is not used: /);
  if (first) await curedBy(folder, first);
}

describe('what others than its owner can write is refused, with the command that mends it', () => {
  it('as a file', () => refusal((at) => void fs.chmodSync(at('in/checks/ok.check.mjs'), 0o666)));
  it('as a file of the group', () => refusal((at) => void fs.chmodSync(at('in/checks/ok.check.mjs'), 0o664)));
  it('as a folder', () => refusal((at) => void fs.chmodSync(at('in/checks'), 0o777)));
  it('as a folder above', () => refusal((at) => void fs.chmodSync(at('in'), 0o775)));
  it('behind a link to the file', () =>
    refusal((at) => {
      fs.mkdirSync(at('open'), { mode: 0o755 });
      fs.renameSync(at('in/checks/ok.check.mjs'), at('open/real.mjs'));
      fs.symlinkSync('../../open/real.mjs', at('in/checks/ok.check.mjs'));
      fs.chmodSync(at('open'), 0o777);
      return undefined;
    }));
  it('behind a link to the folder', () =>
    refusal((at) => {
      fs.symlinkSync(at('in'), at('link'));
      fs.chmodSync(at('in/checks/ok.check.mjs'), 0o606);
      return at('link/checks');
    }));
});

describe.runIf(isRoot)('what belongs to a stranger is refused, with the command that mends it', () => {
  const gives = (file: string) => fs.chownSync(file, STRANGER, STRANGER);
  it('as a file', () => refusal((at) => gives(at('in/checks/ok.check.mjs')) as undefined));
  it('as a folder', () => refusal((at) => gives(at('in/checks')) as undefined));
  it('as a folder above', () => refusal((at) => gives(at('in')) as undefined));
  it('as a link', () =>
    refusal((at) => {
      fs.renameSync(at('in/checks/ok.check.mjs'), at('in/real.mjs'));
      fs.symlinkSync('../real.mjs', at('in/checks/ok.check.mjs'));
      fs.lchownSync(at('in/checks/ok.check.mjs'), STRANGER, STRANGER);
      return undefined;
    }));
});

it('refuses a program that others can write, and one that is not there', async () => {
  const folder = checksFolder({
    'open.check.yaml': execOf('acme.a/open', ['./open.sh']),
    'none.check.yaml': execOf('acme.a/none', ['./none.sh']),
    'bare.check.yaml': execOf('acme.a/bare', ['no-such-program-anywhere']),
    'script.check.yaml': execOf('acme.a/script', ['sh', 'script.sh', 'no/file']),
    'open.sh': '#!/bin/sh\nexit 0\n',
    'script.sh': '#!/bin/sh\nexit 0\n',
  });
  fs.chmodSync(path.join(folder, 'script.sh'), 0o775);
  fs.chmodSync(path.join(folder, 'open.sh'), 0o777);
  const { check } = await judged(folder);
  const found = check('podctl/check-unusable').findings;
  expect(found.map(({ message, subject }) => [path.basename(subject.id), message])).toEqual([
    ['bare.check.yaml', `${folder}/bare.check.yaml: there is no program no-such-program-anywhere`],
    ['none.check.yaml', `${folder}/none.check.yaml: there is no program ./none.sh`],
    [
      'open.check.yaml',
      `${folder}/open.sh is not used: it can be written by others than its owner (mode 0777)`,
    ],
    [
      'script.check.yaml',
      `${folder}/script.sh is not used: it can be written by others than its owner (mode 0775)`,
    ],
  ]);
  expect(found[2]?.remedies[0]?.commands).toEqual([`chmod go-w ${folder}/open.sh`]);
});

it('runs what lies below a folder like /tmp, and reads no folder like /tmp itself', async () => {
  const folder = checksFolder({ 'ok.check.mjs': OK });
  expect(await refused(folder)).toEqual([]);
  fs.chmodSync(folder, 0o1777);
  expect((await refused(folder))[0]?.cure).toBe(`chmod go-w ${folder}`);
});
