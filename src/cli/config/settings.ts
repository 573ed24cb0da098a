import type { Form } from './form.ts';
import { absolutePath, deadline, duration, factName, failOn, packageName, socket } from './words.ts';

/** A value that the command line or the environment may say as well. */
export interface Setting {
  /** Keys that lead to it. */
  path: readonly [string, string];
  form: Form & { is: 'text' | 'list' };
  /** Option of the command line that goes before it; '' where there is none. */
  option: string;
  /** Variable that goes before it; '' where there is none. */
  variable: string;
  /** Where nobody says anything; '' where it is found out then. */
  fallback: string;
  /** True of a list that each file adds to; else the last that says something is heard alone. */
  adds?: true;
}

const text = (word: Extract<Form, { is: 'text' }>['word'], describe: string) =>
  ({ is: 'text', word, describe }) as const;
const list = (word: Extract<Form, { is: 'text' }>['word'], describe: string) =>
  ({ is: 'list', of: { is: 'text', word }, describe }) as const;

/** In the order in which they are shown. */
export const SETTINGS: readonly Setting[] = [
  {
    path: ['endpoints', 'runtime'],
    form: text(socket, 'Socket at which the runtime is asked; without it, it is found'),
    option: 'runtime-endpoint',
    variable: 'CONTAINER_RUNTIME_ENDPOINT',
    fallback: '',
  },
  {
    path: ['folders', 'stateDir'],
    form: text(absolutePath, "Where podctl's records and journals are"),
    option: 'state-dir',
    variable: 'PODCTL_STATE_DIR',
    fallback: '',
  },
  {
    path: ['folders', 'cniConfDir'],
    form: text(absolutePath, 'Where podctl sandbox create finds networks by name'),
    option: 'cni-conf-dir',
    variable: '',
    fallback: '/etc/cni/net.d',
  },
  {
    path: ['folders', 'cniBinDir'],
    form: list(absolutePath, 'Folders of CNI plugins, for podctl sandbox create'),
    option: 'cni-bin-dir',
    variable: 'CNI_PATH',
    fallback: '',
  },
  {
    path: ['folders', 'checks'],
    form: list(absolutePath, 'Folders with checks of your own, beside /etc/podctl/checks.d'),
    option: '',
    variable: '',
    fallback: '',
    adds: true,
  },
  {
    path: ['checks', 'packages'],
    form: list(packageName, 'npm packages with checks of your own'),
    option: '',
    variable: '',
    fallback: '',
    adds: true,
  },
  {
    path: ['doctor', 'failOn'],
    form: text(failOn, 'The doctor exits 1 from this severity on'),
    option: 'fail-on',
    variable: '',
    fallback: 'error',
  },
  {
    path: ['doctor', 'require'],
    form: list(factName, 'The doctor exits 3 when one of these facts is absent'),
    option: 'require',
    variable: '',
    fallback: '',
  },
  {
    path: ['doctor', 'minAge'],
    form: text(duration, 'For the doctor, younger objects are being made, not leaked'),
    option: 'min-age',
    variable: '',
    fallback: '1m',
  },
  {
    path: ['doctor', 'deadline'],
    form: text(deadline, 'Of a whole run of the doctor'),
    option: 'deadline',
    variable: '',
    fallback: '15s',
  },
  {
    path: ['doctor', 'timeout'],
    form: text(deadline, 'Of one call of the doctor to the runtime'),
    option: 'timeout',
    variable: '',
    fallback: '10s',
  },
  {
    path: ['doctor', 'baseline'],
    form: text(absolutePath, 'Report whose findings the doctor accepts'),
    option: 'baseline',
    variable: '',
    fallback: '',
  },
  {
    path: ['doctor', 'pauseVersions'],
    form: text(absolutePath, 'File with what is newer than podctl about pauses'),
    option: 'pause-versions',
    variable: 'PODCTL_PAUSE_VERSIONS',
    fallback: '/etc/podctl/pause-versions.yaml',
  },
];

/** `doctor.failOn` */
export function nameOf({ path }: Setting): string {
  return path.join('.');
}
