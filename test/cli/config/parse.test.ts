import { expect, test } from 'vitest';
import { parseLayer } from '../../../src/cli/config/layer.ts';

const HEAD = 'schema: podctl.config/v1\n';

async function faults(text: string): Promise<string[]> {
  const parsed = await parseLayer('/c.yaml', text);
  return 'faults' in parsed ? parsed.faults.map(({ line, message }) => `${line}: ${message}`) : [];
}

test.each([
  ['nothing but its schema', HEAD],
  ['JSON', '{"schema": "podctl.config/v1", "checks": {"disable": ["image/*"]}}'],
  ['comments and quotes', `# ours\n${HEAD}doctor:\n  failOn: "warning" # stricter\n`],
  [
    'every key',
    `${HEAD}checks: {disable: ["*"], enable: [netns/leaked], packages: ["@acme/checks", plain]}
severity: {"cni/*": info, netns/leaked: error}
options: {acme/some: {anything: [1]}}
ignore:
  - {check: "*", subject: x, reason: known, until: 2028-02-29}
endpoints: {runtime: unix:///run/x.sock}
folders: {stateDir: /run/p, cniConfDir: /etc/c, cniBinDir: [/opt/b], checks: [/etc/p]}
doctor: {failOn: never, require: [runtime], minAge: 1h30m, deadline: 20s, timeout: "5", baseline: /b, pauseVersions: /p}
`,
  ],
])('a file with %s is right', async (_, text) => {
  expect(await faults(text)).toEqual([]);
});

test.each([
  ['', ['1: it has no line "schema: podctl.config/v1"']],
  ['checks: {}\n', ['1: it has no line "schema: podctl.config/v1"']],
  ['schema: podctl.config/v2\n', ['1: schema = "podctl.config/v2" is not podctl.config/v1']],
  ['- a\n', ['1: the file is a list, not keys with values']],
  [`${HEAD}ignores: []\n`, ['2: "ignores" is no key of the configuration: did you mean ignore?']],
  [
    `${HEAD}doctor:\n  fail-on: error\n  wait: 1\n`,
    [
      '3: "doctor.fail-on" is no key of the configuration: did you mean failOn?',
      '4: "doctor.wait" is no key of the configuration: keys here are failOn, require, minAge, deadline, timeout, baseline, pauseVersions',
    ],
  ],
  [
    `${HEAD}doctor:\n  minAge: 10\n`,
    ['3: doctor.minAge is a number, not a duration, such as 10s or 1h30m (in quotes it is a text)'],
  ],
  [`${HEAD}doctor:\n  deadline: 0s\n`, ['3: doctor.deadline = "0s" is not a duration, such as 10s or 1h30m']],
  [`${HEAD}doctor:\n  minAge: 900h\n`, ['3: doctor.minAge = "900h" is not a duration, such as 10s or 1h30m']],
  [
    `${HEAD}doctor:\n  failOn: warnings\n`,
    ['3: doctor.failOn = "warnings" is not one of error, warning, info, never: did you mean warning?'],
  ],
  [`${HEAD}checks:\n  disable: image/*\n`, ['3: checks.disable is a text, not a list']],
  [
    `${HEAD}checks:\n  disable:\n    - netns\n`,
    ['4: checks.disable.1 = "netns" is not the id of a check, or several such as "netns/*"'],
  ],
  [`${HEAD}checks:\n`, ['2: checks is empty, not keys with values']],
  [
    `${HEAD}severity:\n  netns/leaked: bad\n`,
    ['3: severity.netns/leaked = "bad" is not one of info, warning, error'],
  ],
  [
    `${HEAD}folders:\n  stateDir: run/podctl\n`,
    ['3: folders.stateDir = "run/podctl" is not an absolute path'],
  ],
  [
    `${HEAD}endpoints:\n  runtime: tcp://x\n`,
    ['3: endpoints.runtime = "tcp://x" is not a socket, such as unix:///run/containerd/containerd.sock'],
  ],
  [
    `${HEAD}ignore:\n  - check: cni/*\n    subject: ''\n    until: 2026-02-30\n`,
    [
      '3: ignore.1.reason is missing',
      '4: ignore.1.subject = "" is not a text with something in it',
      '5: ignore.1.until = "2026-02-30" is not a day, such as 2026-12-31',
    ],
  ],
  [
    `${HEAD}ignore:\n  - check: cni/*\n    subject: 17\n    reason: x\n`,
    ['4: ignore.1.subject is a number, not a text with something in it (in quotes it is a text)'],
  ],
  [`${HEAD}doctor: {}\nchecks: {}\ndoctor: {}\n`, ['4: this key comes twice']],
  [`${HEAD}doctor:\n  failOn: [error\n`, [expect.stringMatching(/^4: it is not valid YAML: /)]],
  [`${HEAD}a: &a [1]\nb: *a\n`, ['3: an alias (*) is not used here: write it out']],
  [`${HEAD}a: !!js/function x\n`, [expect.stringMatching(/^2: it is not valid YAML: Unresolved tag/)]],
  [`${HEAD}---\nschema: x\n`, [expect.stringMatching(/^\d: it is not valid YAML: Source contains multiple/)]],
  [`${HEAD}? [a]\n: b\n`, ['2: a key is a word']],
  [`${HEAD}a: ${'['.repeat(30)}${']'.repeat(30)}\n`, ['2: it is nested too deeply']],
  [`${HEAD}a: ${'['.repeat(100_000)}\n`, [expect.stringMatching(/^\d: it is (nested too deeply|not valid)/)]],
  [
    `${HEAD}__proto__: {a: 1}\nconstructor: x\n`,
    [
      expect.stringContaining('2: "__proto__" is no key of the configuration'),
      expect.stringContaining('3: "constructor" is no key of the configuration'),
    ],
  ],
])('%j', async (text, expected) => {
  expect(await faults(text)).toEqual(expected);
});

test('an alias bomb costs nothing', async () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
  expect(await faults(`${HEAD}l0: &l0 [x]\n${levels.join('\n')}\n`)).toEqual([
    '3: an alias (*) is not used here: write it out',
  ]);
});
