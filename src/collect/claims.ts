import type { FactName } from '../model/facts.ts';

/** Facts that are read before any list of owners: what is born in between would look leaked. */
export const CLAIMS: readonly FactName[] = [
  'pins',
  'cniCache',
  'reservations',
  'networks',
  'firewall',
  'cgroups',
];
