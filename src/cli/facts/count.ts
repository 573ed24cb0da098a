import type { FactName, Facts } from '../../model/facts.ts';
import { isObject } from '../../model/shape.ts';

/** The list that a fact is about, where the fact is no list itself. */
const COUNTED: { readonly [N in FactName]?: keyof Facts[N] & string } = {
  endpoints: 'candidates',
  pins: 'pins',
  reservations: 'reservations',
  cniCache: 'entries',
  cniConf: 'files',
  cniPlugins: 'plugins',
  cniAgents: 'states',
  networks: 'pods',
  firewall: 'rules',
  store: 'records',
  podOwners: 'pods',
  imageStore: 'images',
  stalls: 'threads',
  crioStorage: 'sandboxes',
  podman: 'places',
  criDockerd: 'docker',
  canary: 'runs',
  ownConfig: 'checkFiles',
};

/** How many members a fact has; null for one that is no list of anything. */
export function countOf(name: FactName, value: unknown): number | null {
  const key = COUNTED[name];
  const members = key !== undefined && isObject(value) ? value[key] : value;
  return Array.isArray(members) ? members.length : null;
}
