import type { ConfigValue } from '../../model/facts.ts';
import { valueAt } from '../../model/toml-value.ts';
import type { ContainerdFile } from './statements.ts';

const KEY = ['disabled_plugins'];
/** Without any of these containerd serves no CRI; `cri` is its name in files of version 1. */
const CRI = [
  'cri',
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.runtime',
  'io.containerd.cri.v1.images',
];

/** The first statement that switches CRI off; lists of several files are put together. */
export function disabledCri(files: readonly ContainerdFile[]): ConfigValue | null {
  for (const { toml } of files) {
    const list = valueAt(toml.table, KEY);
    const plugin = Array.isArray(list) ? list.find((name) => CRI.some((one) => one === name)) : undefined;
    if (typeof plugin === 'string')
      return { value: plugin, file: toml.path, line: toml.lineOf(KEY), origin: 'file' };
  }
  return null;
}
