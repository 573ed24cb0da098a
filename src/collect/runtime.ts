import { CGROUP_SYSTEMD } from '../cri/enums.ts';
import type { RuntimeCondition, VersionResponse } from '../cri/gen/cri_pb.js';
import { type CriSession, RpcError } from '../cri/session.ts';
import type { EndpointsFact, RuntimeFact } from '../model/facts.ts';
import { absent, complete, failed, type Gathered, type Problem, partial, problem } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { answered, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';
import { type StatusInfo, statusInfo } from './status-info.ts';

interface Status extends StatusInfo {
  conditions: RuntimeFact['conditions'];
}

/** Who answers at the endpoint, in which condition. */
export const runtimeCollector: Collector<'runtime'> = {
  fact: 'runtime',
  summary: 'the container runtime: version, conditions, what it says of its configuration',
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['endpoints', 'daemons'],
  async collect(context) {
    const endpoints = context.known('endpoints');
    if (endpoints === undefined || endpoints.status === 'absent')
      return failed('unavailable', 'the sockets of the runtime were not looked for');
    if (endpoints.status === 'failed') return { status: 'failed', problem: endpoints.problem };
    const { chosen } = endpoints.value;
    if (chosen === null) return nobody(endpoints.value);
    if (chosen.state === 'not-a-socket')
      return failed(
        'malformed',
        `${chosen.path} is no unix socket; give the runtime's with --runtime-endpoint`,
      );
    return answered(() => ask(context.session(chosen.path)));
  },
};

function nobody({ traces }: EndpointsFact): Gathered<RuntimeFact> {
  const [first] = traces;
  if (!first)
    return absent(
      'no container runtime on this node: none of the well-known sockets exists, and no other sign of one',
    );
  return failed(
    'missing',
    `no socket of a container runtime exists, but ${first.path} (${first.what}) says that one belongs here; is it running?`,
  );
}

async function ask(session: CriSession): Promise<Gathered<RuntimeFact>> {
  const version = await session.call('Version', (clients, options) =>
    clients.runtime.version({ version: 'v1' }, options),
  );
  const problems: Problem[] = [];
  const [status, cgroupDriver] = await Promise.all([
    lacking(askStatus(session), problems),
    lacking(askCgroupDriver(session), problems),
  ]);
  const value = assemble(session.endpoint, version, status, cgroupDriver);
  return status === null ? partial(value, problems) : complete(value, problems);
}

function assemble(
  endpoint: string,
  version: VersionResponse,
  status: Status | null,
  cgroupDriver: RuntimeFact['cgroupDriver'],
): RuntimeFact {
  return {
    endpoint,
    name: version.runtimeName,
    version: version.runtimeVersion,
    apiVersion: version.runtimeApiVersion,
    conditions: status?.conditions ?? [],
    sandboxImage: status?.sandboxImage ?? null,
    rootDir: status?.rootDir ?? null,
    stateDir: status?.stateDir ?? null,
    cgroupDriver: cgroupDriver ?? status?.cgroupDriver ?? null,
    cniLoadErrors: status?.cniLoadErrors ?? [],
    ...(status?.cni ? { cni: status.cni } : {}),
    ...(status?.cniNetworks ? { cniNetworks: status.cniNetworks } : {}),
    ...(status?.internalLoopback === undefined ? {} : { internalLoopback: status.internalLoopback }),
  };
}

async function askStatus(session: CriSession): Promise<Status> {
  const { status, info } = await session.call('Status', (clients, options) =>
    clients.runtime.status({ verbose: true }, options),
  );
  return { ...statusInfo(info), conditions: (status?.conditions ?? []).map(conditionOf) };
}

function conditionOf({ type, status, reason, message }: RuntimeCondition): RuntimeFact['conditions'][number] {
  return { type, status, reason, message };
}

async function askCgroupDriver(session: CriSession): Promise<RuntimeFact['cgroupDriver']> {
  try {
    const { linux } = await session.call('RuntimeConfig', (clients, options) =>
      clients.runtime.runtimeConfig({}, options),
    );
    if (linux === undefined) return null;
    return linux.cgroupDriver === CGROUP_SYSTEMD ? 'systemd' : 'cgroupfs';
  } catch (error) {
    if (error instanceof RpcError && error.failure.unimplemented) return null;
    throw error;
  }
}

/** Null and a problem where a call was answered with an error; a runtime that hangs stays an error. */
async function lacking<T>(answer: Promise<T>, problems: Problem[]): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RpcError) || error.failure.code === 'timeout') throw error;
    problems.push(problem(error.failure.code, error.failure.message));
    return null;
  }
}
