import { isTable, type Table, textAt, valueAt } from '../../model/toml-value.ts';
import { CRI_TABLES } from './statements.ts';

/** Programs that containerd's files name in place of runc, by absolute path. */
export function runcPrograms(tables: readonly Table[]): string[] {
  const handlers = tables.flatMap((table) =>
    Object.values(CRI_TABLES).flatMap((cri) => {
      const runtimes = valueAt(table, [...cri, 'containerd', 'runtimes']);
      return isTable(runtimes) ? Object.values(runtimes).filter(isTable) : [];
    }),
  );
  const named = handlers.map((handler) => textAt(handler, ['options', 'BinaryName']));
  return [...new Set(named.filter((name) => name !== undefined))].filter((name) => name.startsWith('/'));
}
