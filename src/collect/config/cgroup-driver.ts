import type { RuntimeConfigFact } from '../../model/facts.ts';
import { isTable, textAt, valueAt } from '../../model/toml-value.ts';
import { type ContainerdFile, CRI_TABLES } from './statements.ts';
import type { TomlFile } from './toml-file.ts';

type Stated = NonNullable<RuntimeConfigFact['cgroupDriver']>;

const MANAGER = ['crio', 'runtime', 'cgroup_manager'];
const BY_DEFAULT = 'built-in default';

/** The driver of the default handler; null where several files speak of handlers and not with one voice. */
export function containerdDriver(files: readonly ContainerdFile[]): Stated | null {
  const stated = files.flatMap(statedIn);
  const [first = { value: 'cgroupfs', at: BY_DEFAULT } as const, ...others] = stated;
  return others.every(({ value }) => value === first.value) ? first : null;
}

/** Of the tables that the version of the file is about. */
function statedIn({ toml, declared }: ContainerdFile): Stated[] {
  const cri = declared > 2 ? CRI_TABLES.v3 : declared === 2 ? CRI_TABLES.v2 : CRI_TABLES.v1;
  const name = textAt(toml.table, [...cri, 'containerd', 'default_runtime_name']) || 'runc';
  const handler = [...cri, 'containerd', 'runtimes', name];
  if (!isTable(valueAt(toml.table, handler))) return [];
  const key = [...handler, 'options', 'SystemdCgroup'];
  const value = valueAt(toml.table, key) === true ? 'systemd' : 'cgroupfs';
  const line = toml.lineOf(key);
  return [{ value, at: line === null ? toml.path : `${toml.path}:${line}` }];
}

/** CRI-O's, from its flag, else the last file that names one. */
export function crioDriver(files: readonly TomlFile[], flag: string | undefined): Stated | null {
  const file = files.findLast(({ table }) => textAt(table, MANAGER));
  const value = flag || (file && textAt(file.table, MANAGER)) || 'systemd';
  if (value !== 'systemd' && value !== 'cgroupfs') return null;
  const line = file?.lineOf(MANAGER) ?? null;
  return {
    value,
    at: flag ? '--cgroup-manager' : file ? `${file.path}${line ? `:${line}` : ''}` : BY_DEFAULT,
  };
}
