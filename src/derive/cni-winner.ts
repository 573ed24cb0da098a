import type { CniConfFact, CniConfFile, RuntimeFact } from '../model/facts.ts';

/** The configuration that the runtime takes, usable or not; undefined where there is none, or it is not known. */
export function winningConf({ files, winner }: CniConfFact): CniConfFile | undefined {
  return files.find(({ path }) => path === winner);
}

/** Configurations of pod networks that the runtime does not take; those of loopbacks are none. */
export function otherConfs({ files, winner }: CniConfFact): CniConfFile[] {
  return files.filter(
    ({ path, plugins }) => path !== winner && !plugins.some(({ type }) => type === 'loopback'),
  );
}

/** What the runtime says of its network while that is not ready; null while it is. */
export function networkFault({ conditions }: RuntimeFact): string | null {
  const network = conditions.find(({ type }) => type === 'NetworkReady');
  return network === undefined || network.status ? null : network.message || network.reason;
}
