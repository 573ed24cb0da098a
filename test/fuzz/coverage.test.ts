import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/cli.ts';
import { AGENTS } from './families/agents.ts';
import { CNI } from './families/cni.ts';
import { CONFIG } from './families/config.ts';
import { CRI } from './families/cri.ts';
import { DISK } from './families/disk.ts';
import { DOCUMENTS } from './families/documents.ts';
import { FIREWALL } from './families/firewall.ts';
import { KUBELET } from './families/kubelet.ts';
import { OCI } from './families/oci.ts';
import { OWN } from './families/own.ts';
import { OWN_CONFIG } from './families/own-config.ts';
import { PLUGINS } from './families/plugins.ts';
import { PROC } from './families/proc.ts';
import { STORAGE } from './families/storage.ts';
import { WORDS } from './families/words.ts';
import { countOf } from './fuzz.ts';

const ALL = [
  ...AGENTS,
  ...PLUGINS,
  ...PROC,
  ...CNI,
  ...CONFIG,
  ...DISK,
  ...FIREWALL,
  ...KUBELET,
  ...OCI,
  ...CRI,
  ...DOCUMENTS,
  ...OWN,
  ...OWN_CONFIG,
  ...STORAGE,
  ...WORDS,
];

/** Sources that read something and make nothing of it, or read what podctl alone writes, or that others cover. */
const NOTHING_TO_PARSE: Record<string, string> = {
  'check/jq-worker.ts': 'the answer of jq, which is JSON',
  'cli/author/example.ts': 'our own node',
  'cli/author/run-case.ts': 'a line of facts, each against its shape',
  'cli/author/templates.ts': 'our own texts',
  'cli/author/test-file.ts': 'by cli/config/yaml-tree.ts, each value by name',
  'cli/cure/memory.ts': 'a number of the kernel',
  'collect/at-path.ts': 'hands texts on',
  'cli/inside/netns.ts': 'a number of the kernel',
  'cli/node-image.ts': 'by host/mountinfo.ts',
  'cli/pause.ts': 'hands bytes on',
  'host/file-identity.ts': 'hands bytes on',
  'host/read-host.ts': 'hands texts on',
  'host/trusted-file.ts': 'hands texts on',
  'launcher.ts': 'our own code',
  'launcher/compile-cache.ts': 'our own code, compared by its hash',
  'native/helper.ts': 'what podctl-ns says, line by line, each against a shape',
  'remedy/actions/files.ts': 'compares bytes',
  'remedy/actions/import-image.ts': 'hands bytes on',
  'remedy/actions/start-container.ts': 'shows the last line of a log',
  'remedy/config-edit/dump.ts': 'what containerd prints',
  'remedy/config-edit/preview.ts': 'by remedy/config-edit/edit.ts',
  'remedy/gone.ts': 'by remedy/config-edit/flag.ts',
  'remedy/guards/cgroups.ts': 'a number of the kernel',
  'remedy/guards/pins.ts': 'by host/mountinfo.ts',
  'remedy/guards/owners.ts': 'by collect/reservation-file.ts',
  'remedy/actions/rules.ts': 'what nft says; the action fails on anything else',
  'remedy/sandbox-files.ts': 'hands texts on',
  'report/yaml.ts': 'writes YAML',
  'sandbox/canary/traces.ts': 'paths of the kernel, of which folders that are there are taken',
  'sandbox/containers.ts': 'an exit record, against a shape',
  'sandbox/cri/run.ts': 'one text of a runtime',
  'sandbox/deaf.ts': 'a number of the kernel',
  'sandbox/lock.ts': 'a lock, against a shape',
  'sandbox/observe.ts': 'by sandbox/records.ts',
  'sandbox/scan.ts': 'by host/proc-stat.ts',
};

const READS = /JSON\.parse\(|import\('(yaml|smol-toml)'\)|readKernel\(|\.readFile\(|readFileSync\(/;

function sources(): string[] {
  const src = path.join(root, 'src');
  const files = fs.readdirSync(src, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts') && !file.startsWith('cri/gen/'));
}

test('every source that reads what others wrote is fuzzed, or says why not', () => {
  const covered = new Set(ALL.flatMap((parser) => parser.files));
  const reading = sources().filter((file) =>
    READS.test(fs.readFileSync(path.join(root, 'src', file), 'utf8')),
  );
  expect(reading.filter((file) => !covered.has(file) && !(file in NOTHING_TO_PARSE)).sort()).toEqual([]);
  expect(
    Object.keys(NOTHING_TO_PARSE).filter((file) => !reading.includes(file) || covered.has(file)),
  ).toEqual([]);
});

test('what is named as fuzzed is there', () => {
  const there = new Set(sources());
  expect(ALL.flatMap(({ files }) => files.filter((file) => !there.has(file)))).toEqual([]);
});

test('a hundred thousand damaged inputs are tried in all', () => {
  expect(ALL.reduce((sum, parser) => sum + countOf(parser), 0)).toBeGreaterThanOrEqual(100_000);
});
