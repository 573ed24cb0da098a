import { collectors } from '../../collect/index.ts';
import { remembering } from '../../collect/remember.ts';
import { createReadHost } from '../../host/read-host.ts';
import { knownValue } from '../../model/outcome.ts';
import { compare, NOTHING_KNOWN } from '../../report/changes.ts';
import { traceFacts } from '../doctor.ts';
import { findSite, lookFrom, wantedBy } from '../look.ts';
import { knownBefore, reportOn } from '../report-on.ts';
import { type Stoppable, within } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import { createBell } from './bell.ts';
import { createListening } from './listen.ts';
import type { WatchRequest } from './request.ts';
import { createTeller } from './tell.ts';

/** What belongs together (a pod's sandbox, its containers) comes within so long. */
const QUIET_MS = 500;
/** However busy the node is, this share of an interval passes between two looks, and at most so long. */
const REST_SHARE = 0.1;
const MAX_REST_MS = 5000;

/** Looks, tells what changed, waits; until `stop` says so or nobody reads any more. */
export async function watch(request: WatchRequest, terminal: Terminal, stop: Stoppable): Promise<void> {
  const { look, intervalMs } = request;
  const baseline = await knownBefore(look);
  const site = await findSite(wantedBy(look), look, terminal);
  const by = remembering(collectors);
  const restMs = Math.min(intervalMs * REST_SHARE, MAX_REST_MS);
  const bell = createBell({ intervalMs, quietMs: QUIET_MS, restMs });
  const listening = createListening(createReadHost(site.root).locate, bell.ring);
  const teller = createTeller(request, terminal);
  const metas = look.checks.map((check) => check.meta);
  let known = NOTHING_KNOWN;
  try {
    for (let first = true; !stop.signal.aborted && !terminal.isGone?.(); first = false) {
      const begun = performance.now();
      const { snapshot } = await lookFrom(site, by, within(stop, look.deadlineMs));
      // What a signal cut short says nothing about the node; of the first look, what there is is told.
      if (stop.signal.aborted && !first) break;
      if (look.debug) traceFacts(snapshot.facts, terminal);
      const report = await reportOn(look, snapshot, baseline);
      const next = compare(known, report, metas);
      known = next.known;
      await teller.tell(report, next.changes, snapshot.facts);
      listening.heed(knownValue(snapshot.facts.runtime));
      await bell.wait({ begun, ended: performance.now() }, stop.signal);
    }
  } finally {
    listening.end();
  }
}
