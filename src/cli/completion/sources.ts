/** Where what can stand at a place comes from. */
export type Source =
  | 'checks'
  | 'globs'
  | 'tags'
  | 'facts'
  | 'fact-list'
  | 'report-files'
  | 'kinds'
  | 'pods'
  | 'containers'
  | 'sandboxes'
  | 'files'
  | 'folders';

/** Of options, by name; a command's own way goes before. What is not here takes the words of its description. */
const OPTIONS: Readonly<Record<string, Source>> = {
  'pause image --output': 'files',
  '--baseline': 'files',
  '--bundle': 'folders',
  '--checks': 'files',
  '--cni-bin-dir': 'folders',
  '--cni-conf-dir': 'folders',
  '--config': 'files',
  '--dir': 'folders',
  '--file': 'files',
  '--from-snapshot': 'files',
  '--pause-archive': 'files',
  '--pause-versions': 'files',
  '--plan-out': 'files',
  '--report': 'report-files',
  '--require': 'fact-list',
  '--root': 'folders',
  '--rootfs': 'folders',
  '--runtime-endpoint': 'files',
  '--save-baseline': 'files',
  '--save-snapshot': 'files',
  '--skip': 'globs',
  '--state-dir': 'folders',
  '--tag': 'tags',
};

const ARGUMENTS: Readonly<Record<string, Source>> = {
  'apply file': 'files',
  'checks id': 'checks',
  'checks test file': 'files',
  'config check file': 'files',
  'diff from': 'files',
  'diff to': 'files',
  'doctor check': 'globs',
  'explain id': 'checks',
  'facts name': 'facts',
  'gc kind': 'kinds',
  'inspect thing': 'pods',
  'logs container': 'containers',
  'logs pod': 'pods',
  'netns pod': 'pods',
  'owner thing': 'pods',
  'ps filter': 'pods',
  'tree pod': 'pods',
};

export function sourceOfOption(command: string, name: string): Source | undefined {
  return OPTIONS[`${command} --${name}`] ?? OPTIONS[`--${name}`];
}

/** Verbs of `podctl sandbox` are about those that there are. */
export function sourceOfArgument(command: string, name: string): Source | undefined {
  if (command.startsWith('sandbox ') && name === 'sandbox') return 'sandboxes';
  return ARGUMENTS[`${command} ${name}`];
}

/** The words that a description lists: `table (default), json or yaml`. [] where it lists none. */
export function wordsIn(describe: string): string[] {
  const [listed = ''] = describe.replaceAll(/ ?\([^)]*\)/g, '').split(';');
  const words = listed
    .slice(listed.lastIndexOf(': ') + 1)
    .trim()
    .split(/, | or /);
  return words.length > 1 && words.every((word) => /^[a-z][a-z0-9-]*$/.test(word)) ? words : [];
}
