import { expect, test } from 'vitest';
import { builtinChecks } from '../../../src/cli/builtin-checks.ts';
import { fill } from '../../../src/cli/config/fill.ts';
import { type Layer, parseLayer } from '../../../src/cli/config/layer.ts';
import { configPlaces } from '../../../src/cli/config/places.ts';
import { rule } from '../../../src/cli/config/ruling.ts';
import { listed } from '../../../src/cli/config/values.ts';
import { parseArgv } from '../../../src/cli/parse.ts';
import { selectChecks } from '../../../src/cli/select.ts';

async function layers(...texts: string[]): Promise<Layer[]> {
  const parsed = texts.map((text, i) => parseLayer(`/${i + 1}.yaml`, `schema: podctl.config/v1\n${text}`));
  return (await Promise.all(parsed)).map((layer) => {
    if ('faults' in layer) throw new Error(JSON.stringify(layer.faults));
    return layer;
  });
}

const ruling = async (...texts: string[]) => rule(await layers(...texts), builtinChecks);

async function filled(line: string, env: Record<string, string>, ...texts: string[]) {
  const asked = await parseArgv(line.split(' '));
  if (asked.command !== 'doctor' && asked.command !== 'gc' && asked.command !== 'sandbox')
    throw new Error(asked.command);
  return fill(asked, env, await layers(...texts));
}

test('files are read in order, each user’s after the node’s, and all of them may be left out', () => {
  const env = { HOME: '/home/a', PODCTL_CONFIG: '/var.yaml' };
  const files = (args: object, e: Record<string, string>, root: boolean) =>
    configPlaces({ ...args }, e, root).map(({ file }) => file);
  const node = '/etc/podctl/config.yaml';
  expect(files({}, {}, true)).toEqual([node]);
  expect(files({ config: '/flag.yaml' }, env, true)).toEqual([node, '/var.yaml', '/flag.yaml']);
  expect(files({}, { HOME: '/home/a' }, false)).toEqual([node, '/home/a/.config/podctl/config.yaml']);
  expect(files({}, { HOME: '/home/a', XDG_CONFIG_HOME: '/x' }, false)[1]).toBe('/x/podctl/config.yaml');
  expect(files({}, { XDG_CONFIG_HOME: 'relative' }, false)).toEqual([node]);
  expect(files({ config: 'none' }, env, false)).toEqual([]);
  expect(files({ config: '/f' }, { ...env, PODCTL_CONFIG: 'none' }, false)).toEqual(['/f']);
});

test('a later file goes before an earlier one, enable before disable, an id before a glob', async () => {
  const { off, checks } = await ruling(
    'checks: {disable: ["image/*", netns/leaked]}\nseverity: {netns/leaked: info, "cni/*": info}',
    'checks: {enable: [netns/leaked, image/pin-label], disable: [netns/hidden]}\nseverity: {"netns/*": error, netns/hidden: warning}',
  );
  expect(
    ['image/pin-label', 'netns/leaked', 'netns/hidden', 'image/frozen-registry'].map((id) => off.has(id)),
  ).toEqual([false, false, true, true]);
  const severity = (id: string) => checks.find(({ meta }) => meta.id === id)?.meta.severity;
  expect(['netns/leaked', 'netns/hidden', 'cni/odd-file'].map(severity)).toEqual([
    'error',
    'warning',
    'info',
  ]);
});

test('a check that is off runs where it is named, and not for a glob', async () => {
  const { off, checks } = await ruling('checks: {disable: [netns/leaked]}');
  const chosen = (...only: string[]) =>
    selectChecks(checks, { only, skip: [], tags: [], off }).map(({ meta }) => meta.id);
  expect(chosen()).not.toContain('netns/leaked');
  expect(chosen('netns/*')).not.toContain('netns/leaked');
  expect(chosen('netns/leaked', 'netns/hidden')).toEqual(['netns/hidden', 'netns/leaked']);
});

test('flag > environment > file > default', async () => {
  const file =
    'doctor: {failOn: warning, require: [runtime], minAge: 5m}\nendpoints: {runtime: /run/f.sock}\nfolders: {stateDir: /f}';
  const plain = await filled('doctor', {}, file);
  expect(plain.args).toMatchObject({ 'fail-on': ['warning'], require: ['runtime'], 'min-age': ['5m'] });
  expect(plain.args['runtime-endpoint']).toEqual(['/run/f.sock']);
  expect(plain.env).toEqual({ PODCTL_STATE_DIR: '/f' });
  const env = { CONTAINER_RUNTIME_ENDPOINT: '/run/e.sock', PODCTL_STATE_DIR: '/e' };
  const said = await filled('doctor --fail-on never --min-age 1m', env, file);
  expect(said.args).toMatchObject({ 'fail-on': 'never', 'min-age': '1m' });
  expect(said.args['runtime-endpoint']).toBeUndefined();
  expect(said.env).toEqual(env);
});

test.each([
  ['doctor --from-snapshot x', ['baseline', 'deadline', 'fail-on', 'min-age', 'require', 'timeout']],
  ['doctor --watch', ['deadline', 'min-age', 'pause-versions', 'runtime-endpoint', 'timeout']],
  ['doctor --fix', ['baseline', 'fail-on', 'pause-versions', 'require', 'runtime-endpoint']],
  [
    'doctor -o npd',
    ['baseline', 'fail-on', 'min-age', 'pause-versions', 'require', 'runtime-endpoint', 'timeout'],
  ],
  ['gc orphans', ['pause-versions', 'runtime-endpoint']],
  ['sandbox create web', ['cni-bin-dir', 'cni-conf-dir']],
  ['sandbox create web --via cri', ['runtime-endpoint']],
  ['sandbox ls', []],
])('%s hears what makes sense for it', async (line, options) => {
  const file = `doctor: {failOn: info, require: [runtime], minAge: 1m, deadline: 9s, timeout: 9s, baseline: /b, pauseVersions: /p}
endpoints: {runtime: /r}
folders: {stateDir: /s, cniConfDir: /c, cniBinDir: [/b1, /b2]}`;
  const asked = await filled(line, {}, file);
  expect([...asked.from.keys()].sort()).toEqual(options.map((name) => `--${name}`));
  expect(asked.env.PODCTL_STATE_DIR).toBe('/s');
});

test('folders and packages of checks add up; other lists are replaced', async () => {
  const both = await layers(
    'folders: {checks: [/a]}\ndoctor: {require: [runtime]}',
    'folders: {checks: [/b]}\ndoctor: {require: [kubelet, cniConf]}',
  );
  expect(listed(both, 'folders.checks')).toEqual([
    { text: '/a', file: '/1.yaml', line: 2 },
    { text: '/b', file: '/2.yaml', line: 2 },
  ]);
  expect(listed(both, 'checks.packages')).toEqual([]);
  const asked = await parseArgv(['doctor']);
  if (asked.command !== 'doctor') throw new Error(asked.command);
  expect(fill(asked, {}, both).args.require).toEqual(['kubelet', 'cniConf']);
});

test.each([
  [
    'checks: {disable: [netns/leeked]}',
    '/1.yaml:2: no check is called "netns/leeked": did you mean netns/leaked?',
  ],
  ['checks: {disable: ["netz/*"]}', '/1.yaml:2: no check is called "netz/*": '],
  ['severity:\n  cni/nothing: info', '/1.yaml:3: no check is called "cni/nothing"'],
  [
    'ignore:\n  - subject: x\n    reason: y\n    check: cni/nothing',
    '/1.yaml:5: no check is called "cni/nothing"',
  ],
  ['options: {cni/nothing: {}}', '/1.yaml:2: no check is called "cni/nothing"'],
  ['options: {netns/leaked: {a: 1}}', '/1.yaml:2: netns/leaked takes no options; those that do are '],
  [
    'options:\n  sandbox/notready-pile:\n    tolerate: 3',
    '/1.yaml:4: "options.sandbox/notready-pile.tolerate" is no key of the configuration: did you mean tolerated?',
  ],
  [
    'options:\n  sandbox/notready-pile:\n    tolerated: many',
    '/1.yaml:4: options.sandbox/notready-pile.tolerated is a text, not a whole number',
  ],
  [
    'options:\n  sandbox/notready-pile:\n    tolerated: 1.5',
    '/1.yaml:4: options.sandbox/notready-pile.tolerated = 1.5 is not a whole number from 1 to 1000',
  ],
  [
    'checks: {disable: [netns/leaked], enable: [netns/leaked]}',
    '/1.yaml:2: "netns/leaked" is both enabled and disabled',
  ],
])('%j is told', async (text, message) => {
  await expect(ruling(text)).rejects.toThrow(message);
});

test('a name that a file of checks would have brought is let through while that file cannot be used', async () => {
  const said = await layers('checks: {disable: [acme/broken, "acme/*"]}');
  await expect(rule(said, builtinChecks)).rejects.toThrow('no check is called "acme/broken"');
  const files = [{ file: '/a.check.mjs', checks: [], fault: 'it throws', cure: [] }];
  expect((await rule(said, builtinChecks, files)).policy.ownConfig?.checkFiles).toEqual(files);
  const builtin = await layers('checks: {disable: [netns/broken]}');
  await expect(rule(builtin, builtinChecks, files)).rejects.toThrow('no check is called "netns/broken"');
});

test('without any file there is nothing to judge', async () => {
  const { checks, off, policy } = await rule([], builtinChecks);
  expect([checks === builtinChecks, off.size, policy]).toEqual([true, 0, { ignores: [], ownConfig: null }]);
});
