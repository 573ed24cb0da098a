import { describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { gather } from '../../src/collect/gather.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { FactName } from '../../src/model/facts.ts';
import { complete } from '../../src/model/outcome.ts';

const LOOK = { env: {}, rpcTimeoutMs: 1000 };
const never = new AbortController().signal;
const host = createReadHost();

/** A collector that notes its turns in `log`; the value does not matter to the engine. */
function noting(fact: FactName, log: string[], more: Partial<Collector> = {}): Collector {
  return {
    fact,
    summary: fact,
    timeoutMs: 5000,
    async collect() {
      log.push(`+${fact}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`-${fact}`);
      return complete([]) as never;
    },
    ...more,
  } as Collector;
}

describe('gather', () => {
  it('collects what is named and what that is made from, each once, claims before owners', async () => {
    const log: string[] = [];
    const collectors = [
      noting('processes', log, { after: ['pins', 'sandboxes'] }),
      noting('sandboxes', log, { needs: ['runtime'], after: ['pins'] }),
      noting('containers', log, { needs: ['runtime'], after: ['sandboxes'] }),
      noting('runtime', log),
      noting('pins', log),
      noting('images', log),
    ];
    const facts = await gather(
      collectors,
      ['processes', 'sandboxes', 'pins', 'containers'],
      host,
      LOOK,
      never,
    );
    expect(Object.keys(facts).sort()).toEqual(['containers', 'pins', 'processes', 'runtime', 'sandboxes']);
    expect(log.indexOf('-pins')).toBeLessThan(log.indexOf('+sandboxes'));
    expect(log.indexOf('-sandboxes')).toBeLessThan(log.indexOf('+containers'));
    expect(log.indexOf('-sandboxes')).toBeLessThan(log.indexOf('+processes'));
    expect(log).toHaveLength(10);
  });

  it('fails a fact at its own deadline, and the others go on', async () => {
    const stuck = noting('runtime', [], { timeoutMs: 20, collect: () => new Promise(() => {}) });
    const facts = await gather([stuck, noting('pins', [])], ['runtime', 'pins'], host, LOOK, never);
    expect(facts.runtime).toMatchObject({
      status: 'failed',
      problem: { code: 'timeout', message: 'runtime: no answer within 0.02 s' },
    });
    expect(facts.pins?.status).toBe('complete');
  });

  it('makes a crash of a collector a failed fact', async () => {
    const broken = noting('runtime', [], {
      collect: () => {
        throw new Error('boom');
      },
    });
    const facts = await gather([broken], ['runtime'], host, LOOK, never);
    expect(facts.runtime).toMatchObject({
      status: 'failed',
      problem: { code: 'crashed', message: 'runtime: boom' },
    });
  });

  it('fails what is not in yet when the run ends, including what had not begun', async () => {
    const stop = new AbortController();
    const stuck = noting('runtime', [], { collect: () => new Promise(() => {}) });
    const later = noting('sandboxes', [], { needs: ['runtime'], collect: () => new Promise(() => {}) });
    const run = gather([stuck, later, noting('pins', [])], ['sandboxes', 'pins'], host, LOOK, stop.signal);
    setTimeout(() => stop.abort(), 20);
    const facts = await run;
    expect([facts.runtime?.status, facts.sandboxes?.status, facts.pins?.status]).toEqual([
      'failed',
      'failed',
      'complete',
    ]);
  });

  it('lets a collector look again when all facts are in', async () => {
    const log: string[] = [];
    const claims = noting('pins', log, {
      confirm: (_, value) => {
        log.push('confirm');
        return value;
      },
    });
    await gather(
      [claims, noting('processes', log, { after: ['pins'] })],
      ['pins', 'processes'],
      host,
      LOOK,
      never,
    );
    expect(log.at(-1)).toBe('confirm');
  });
});
