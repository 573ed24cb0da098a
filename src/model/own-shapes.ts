import type { OwnContainer, OwnSandbox } from './own-facts.ts';
import type { ProcessIdentity } from './plan.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';
import { networkSeen } from './shapes-common.ts';

const identity = nullable(record<ProcessIdentity>({ pid: whole, startTicks: whole }));

type Attached = NonNullable<OwnSandbox['attachment']>;

/** podctl's own sandboxes as a snapshot holds them. */
export const ownShapes: { ownSandboxes: Shape<OwnSandbox[]> } = {
  ownSandboxes: list(
    record<OwnSandbox>({
      id: text,
      name: text,
      phase: oneOf('creating', 'ready', 'stopped', 'removing', 'unreadable', 'unrecorded'),
      problem: text,
      createdAt: amount,
      sameBoot: flag,
      busy: flag,
      dir: text,
      pins: record<OwnSandbox['pins']>({ net: text, ipc: text, uts: text }),
      pause: identity,
      pauseRuns: flag,
      containers: list(
        record<OwnContainer>({ id: text, name: text, process: identity, running: flag, startedAt: amount }),
      ),
      sharePid: flag,
      network: text,
      attachment: nullable(
        record<Attached>({
          state: oneOf('begun', 'attached'),
          addresses: list(text),
          interfaces: list(record<Attached['interfaces'][number]>({ name: text, mac: text, inside: flag })),
          routes: list(record<Attached['routes'][number]>({ dst: text, gw: nullable(text) })),
        }),
      ),
      inside: nullable(networkSeen),
      outside: nullable(networkSeen),
    }),
  ),
};
