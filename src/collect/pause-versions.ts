import { complete } from '../model/outcome.ts';
import { PAUSE_VERSIONS } from '../model/pause-version-data.ts';
import type { Collector } from './collector.ts';

export const pauseVersionsCollector: Collector<'pauseVersions'> = {
  fact: 'pauseVersions',
  summary: 'which pause belongs to which release: what podctl knows, and a file that adds to it',
  timeoutMs: 1000,
  collect: ({ look }) => complete(look.pauseVersions ?? PAUSE_VERSIONS),
};
