import type { CniFolders } from '../../model/facts.ts';
import { isTable, type Table, textAt, valueAt } from '../../model/toml-value.ts';
import { CRI_TABLES } from './statements.ts';

/** Where runtimes look that were not told otherwise. */
export const DEFAULT_CNI: CniFolders = { confDir: '/etc/cni/net.d', binDirs: ['/opt/cni/bin'] };

const LOOPBACK = 'use_internal_loopback';
const NETWORK = ['crio', 'network'];

/** What containerd's files say, in load order, whatever their version. */
export function containerdCni(tables: readonly Table[]): CniFolders {
  const found = tables.flatMap((table) =>
    Object.values(CRI_TABLES).flatMap((cri) => {
      const cni = valueAt(table, [...cri, 'cni']);
      return isTable(cni) ? [cni] : [];
    }),
  );
  return {
    confDir: last(found, ['conf_dir']) ?? DEFAULT_CNI.confDir,
    binDirs: folders(found, ['bin_dirs'], last(found, ['bin_dir'])),
    ...(found.findLast((cni) => LOOPBACK in cni)?.[LOOPBACK] === true && { internalLoopback: true }),
  };
}

/** What CRI-O's flags and files say, in load order. */
export function crioCni(tables: readonly Table[], flags: Record<string, string>): CniFolders {
  const folder = flags['cni-config-dir'] || last(tables, [...NETWORK, 'network_dir']);
  const flagged = flags['cni-plugin-dir'];
  const network = flags['cni-default-network'] || last(tables, [...NETWORK, 'cni_default_network']);
  return {
    confDir: folder ? tidy(folder) : DEFAULT_CNI.confDir,
    binDirs: flagged ? [tidy(flagged)] : folders(tables, [...NETWORK, 'plugin_dirs'], undefined),
    ...(network ? { defaultNetwork: network } : {}),
  };
}

function last(tables: readonly Table[], path: string[]): string | undefined {
  return tables.map((table) => textAt(table, path)).findLast((value) => value);
}

/** The last list that is not empty; else the one folder of the older key; else the default. */
function folders(tables: readonly Table[], path: string[], older: string | undefined): string[] {
  const lists = tables.map((table) => valueAt(table, path)).filter(Array.isArray);
  const named = lists.findLast((list) => list.length > 0)?.filter((dir) => typeof dir === 'string');
  if (named) return named.map(tidy);
  return older ? [tidy(older)] : DEFAULT_CNI.binDirs;
}

function tidy(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, '') : folder;
}
