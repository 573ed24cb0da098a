import path from 'node:path';
import { judgementOf } from '../../../src/check/foreign/answer.ts';
import { toldBy } from '../../../src/check/foreign/dialect.ts';
import { FOREIGN_ID } from '../../../src/cli/plugins/forms.ts';
import { loadCheckFile } from '../../../src/cli/plugins/load.ts';
import { wholeMeta } from '../../../src/cli/plugins/meta.ts';
import { filesOfPackage } from '../../../src/cli/plugins/packages.ts';
import { foreignFinding } from '../../../src/model/foreign-shapes.ts';
import { ownConfigShapes } from '../../../src/model/own-config-shapes.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold, mustName } from '../must.ts';
import { planted } from '../planted.ts';

const node = planted();
const META = wholeMeta({
  id: 'acme.a/b',
  title: 'Well',
  failureTitle: 'Not well',
  why: 'It matters',
  messages: { one: '{{n}}', two: 'two' },
});

const JQ = `schema: podctl.check/v1
kind: JqCheck
meta:
  id: acme.a/b
  title: All is well
  failureTitle: Something is wrong
  why: It matters
  severity: error
  tags: [acme]
  needs: [host, sandboxes]
  wants: [kubelet]
  messages: {one: "{{n}} of them"}
  options: {limit: {default: 5, min: 1, max: 10, describe: how many}}
  explains: [{check: "netns/*", same: id}]
  references: ["https://example.com/a"]
timeout: 500ms
jq: '.sandboxes[] | {messageId: "one", data: {n: 1}}'
`;
const EXEC = `schema: podctl.check/v1
kind: ExecCheck
meta: {id: acme.a/c, title: t, failureTitle: f, why: w}
command: [/bin/true, "a b"]
dialect: npd
stdin: facts
stdout: findings
maxOutput: 4096
timeout: 10s
`;

/** A file of checks that is damaged is told with its name and, of YAML, the line; one that is not is whole. */
const document: Parser = {
  files: ['cli/plugins/document-checks.ts', 'cli/plugins/source.ts'],
  name: 'a check in YAML',
  kind: 'yaml',
  samples: [JQ, EXEC],
  count: 2500,
  async parse(text, bytes) {
    node().put('damaged.check.yaml', bytes);
    const name = path.join(node().root, 'damaged.check.yaml');
    const { checks, file } = await loadCheckFile(name);
    must(ownConfigShapes.ownConfig, { files: [], ignores: [], checkFiles: [file] });
    mustHold((file.fault === '') === (checks.length === 1), 'it is neither used nor told');
    if (file.fault === '') {
      mustHold(FOREIGN_ID.test(checks[0]?.meta.id ?? ''), 'an id that a check of podctl could have');
      return;
    }
    mustName(name, [file.fault]);
    const line = Number(/\.check\.yaml:(\d+): /.exec(file.fault)?.[1] ?? 1);
    mustHold(line >= 1 && line <= text.split(/\r\n|[\r\n]/).length, `no line of the file: ${file.fault}`);
  },
};

const FINDING = {
  messageId: 'one',
  severity: 'error',
  subject: { kind: 'sandbox', id: 'x', name: 'y' },
  data: { n: 1, b: true },
  evidence: [{ fact: 'host', at: '/proc', value: 'v' }],
  advice: [{ title: 't', risk: 'safe', commands: [['a', 'b']] }],
};

function asProgram(stdout: string) {
  const evidence = { fact: 'ownConfig', at: 'x' } as const;
  return toldBy('nagios', 'findings', { exitCode: 1, stdout, stderr: '' }, META, evidence).findings;
}

/** What a module, jq or a program gives is taken whole and well-formed, or not at all. */
const answer: Parser = {
  files: ['check/foreign/dialect.ts', 'check/foreign/module.ts'],
  name: 'what a check of others gives',
  kind: 'json',
  samples: [
    JSON.stringify([FINDING, 'text', { message: 'm' }]),
    JSON.stringify({ findings: [FINDING], problems: [{ code: 'missing', message: 'm', subject: 's' }] }),
  ],
  count: 3000,
  refuses: (error) => error instanceof Error && !(error instanceof TypeError || error instanceof RangeError),
  parse(text) {
    const value: unknown = JSON.parse(text);
    const judged = judgementOf(value, META);
    const told = Array.isArray(value) && value.length > 0 ? asProgram(text) : [];
    for (const { messageId, ...finding } of [...told, ...judged.findings]) {
      must(foreignFinding, finding);
      mustHold(Object.hasOwn(META.messages, messageId), `there is no message ${messageId}`);
    }
  },
};

const manifest: Parser = {
  files: ['cli/plugins/packages.ts'],
  name: 'what a package says of its checks',
  kind: 'json',
  samples: ['{"name":"acme","podctl":{"checks":["a/*.check.mjs","b.check.yaml"]}}'],
  count: 1500,
  parse(_, bytes) {
    node().put('node_modules/acme/a/one.check.mjs', '');
    node().put('node_modules/acme/b.check.yaml', '');
    node().put('node_modules/acme/package.json', bytes);
    const folder = path.join(node().root, 'node_modules/acme');
    for (const { file, unusable } of filesOfPackage('acme', [node().root])) {
      if (unusable) mustName(folder, [unusable.message]);
      else mustHold(file.startsWith(`${folder}/`), `it leads out of the package: ${file}`);
    }
  },
};

export const PLUGINS: readonly Parser[] = [document, answer, manifest];
