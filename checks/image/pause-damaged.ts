import {
  type Advice,
  canRun,
  completeValue,
  crictl,
  ctr,
  defineCheck,
  type EndpointsFact,
  type Evidence,
  type LogEvent,
  machineName,
  type PauseContentFact,
  sandboxImageUse,
  servingLog,
} from '../../src/api.ts';

export default defineCheck({
  meta: {
    id: 'image/pause-damaged',
    title: "The sandbox image's program can run on this node",
    failureTitle: "The sandbox image's program cannot run on this node",
    why: 'Every new sandbox dies at once or never starts, for every pod, while pods that run go on. A power loss leaves unpacked files empty, and the image still looks perfect in every list.',
    proof:
      "The program as it lies unpacked, in the folder that containerd's snapshotter names, is empty, gone, not executable, no program at all, or one for another processor. Where no record leads to the folder, the runtime's log says what happened at the last start.",
    neverReports: [
      'a program for another processor that the kernel has an emulator for',
      'what sandboxes said before the image was imported or pulled anew',
      'app images: only what sandboxes are made from is looked at',
      'a node whose sandboxes all run: nothing is looked at there',
    ],
    severity: 'error',
    tags: ['image'],
    needs: ['runtime', 'runtimeConfig', 'endpoints', 'host'],
    wants: ['pauseContent', 'runtimeLog', 'daemons'],
    messages: {
      empty: 'No new pod runs: {{path}}, the program of the sandbox image {{reference}}, is empty',
      missing: 'No new pod starts: the sandbox image {{reference}} has no {{path}}',
      notExecutable: 'No new pod starts: {{path}} of the sandbox image {{reference}} is not executable',
      noProgram: 'No new pod runs: {{path}}, the program of the sandbox image {{reference}}, is no program',
      otherMachine:
        'No new pod runs: the program of the sandbox image {{reference}} is for {{machine}}, and this node is {{arch}}',
    },
    explains: [
      { check: 'sandbox/notready-pile' },
      { check: 'sandbox/anchor-lost' },
      { check: 'runtime/sandboxes-fail' },
    ],
    references: [
      'https://github.com/containerd/containerd/issues/5854',
      'https://github.com/cri-o/cri-o/issues/102',
    ],
  },
  run({ runtime, runtimeConfig, endpoints, host, pauseContent, runtimeLog, daemons }) {
    const content = completeValue(pauseContent);
    const reference = content?.image ?? sandboxImageUse(runtime, runtimeConfig).inForce?.reference;
    if (reference === undefined) return [];
    const seen = content?.program ? faultOf(content, host.arch) : undefined;
    const logs = { logs: completeValue(runtimeLog), daemons: completeValue(daemons), host };
    const log = servingLog(runtime, runtimeConfig, logs);
    const said = log?.events.filter((e) => isStart(e, content, runtimeConfig.daemonStartedAt)).at(-1);
    // What lies on the disk now is the better witness: a start may have failed before it was mended.
    const fault = content?.program ? seen : saidFault(said);
    if (!fault) return [];
    const { messageId, path } = fault;
    const machine = content?.program?.machine;
    return [
      {
        messageId,
        subject: { kind: 'image', id: reference },
        data: {
          reference,
          path,
          arch: host.arch,
          machine: machine === null || machine === undefined ? '' : machineName(machine),
        },
        evidence: [
          ...(content?.program
            ? [{ fact: 'pauseContent' as const, at: content.program.path, value: fault.value }]
            : []),
          ...(log && said ? [startEvidence(log.source, said)] : []),
        ],
        advice: again(reference, runtime.name, endpoints),
      },
    ];
  },
});

interface Fault {
  messageId: string;
  path: string;
  value: string;
}

function faultOf({ program, emulators, entrypoint }: PauseContentFact, arch: string): Fault | undefined {
  if (!program) return undefined;
  const { kind, path, size, executable, machine } = program;
  const other = machine !== null && canRun(arch, machine, emulators) === false;
  if (kind === 'missing') return { messageId: 'missing', path: entrypoint, value: 'no such file' };
  if (kind === 'empty') return { messageId: 'empty', path, value: '0 bytes' };
  if (!executable) return { messageId: 'notExecutable', path: entrypoint, value: 'no x in its mode' };
  if (kind === 'other') return { messageId: 'noProgram', path, value: `${size} bytes, neither ELF nor #!` };
  return other ? { messageId: 'otherMachine', path, value: `ELF for ${machineName(machine)}` } : undefined;
}

/** Of the program of the sandbox image, since the runtime started and the image has its name: a word about any other program is not ours. */
function isStart(
  { kind, fields, last }: LogEvent,
  content: PauseContentFact | undefined,
  since: number | null,
) {
  const program = content?.entrypoint || '/pause';
  const from = Math.max(since ?? 0, content?.since ?? 0);
  return kind === 'pause-start' && fields.program === program && last !== null && last >= from;
}

function saidFault(event: LogEvent | undefined): Fault | undefined {
  const messages: Record<string, string> = {
    missing: 'missing',
    format: 'noProgram',
    'not-executable': 'notExecutable',
  };
  const messageId = messages[event?.fields.reason ?? ''];
  return messageId === undefined ? undefined : { messageId, path: event?.fields.program ?? '', value: '' };
}

function startEvidence(source: string, { fields, count, last }: LogEvent): Evidence {
  const when = new Date(last ?? 0).toISOString();
  return {
    fact: 'runtimeLog',
    at: source,
    value: `exec ${fields.program}: ${fields.reason} (${count} times, last ${when})`,
  };
}

/** containerd unpacks an image anew only when nothing is left of what was made from it: until then another one helps. */
function again(reference: string, runtime: string, endpoints: EndpointsFact): Advice[] {
  const pulled = [crictl(endpoints, 'rmi', reference), crictl(endpoints, 'pull', reference)];
  const drained: Advice = {
    title: 'For good: drain the node until no sandbox is left, then have the image unpacked anew',
    risk: 'destructive',
    commands: pulled,
  };
  if (runtime !== 'containerd' || reference.includes('@')) return [drained];
  const own = [
    ['podctl', 'pause', 'image', '--tag', reference, '-o', 'pause.tar'],
    ctr(endpoints, 'images', 'import', 'pause.tar'),
  ];
  return [
    {
      title: "Until then: podctl's own pause under that name; what runs goes on",
      risk: 'disruptive',
      commands: own,
    },
    drained,
  ];
}
