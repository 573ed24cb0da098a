import type { LogEventKind } from '../model/log-facts.ts';

/** One kind of line. Its named groups become the event's fields, so a group must never hold a secret. */
export interface LogPattern {
  kind: LogEventKind;
  /** A word that every such line has: most lines are looked at no further. */
  word: string;
  /** Matched against `message: error`, unescaped. */
  pattern: RegExp;
  /** What the group `rest` is replaced by: the first reason that fits, as field `reason`; `other` for none. */
  reasons?: readonly (readonly [reason: string, sign: RegExp])[];
  /** Kind of which earlier lines are forgotten: what is kept of it came after the last line of this kind. */
  ends?: LogEventKind;
}

/** `RunPodSandbox for &PodSandboxMetadata{...} failed, error: ` with what gRPC puts before a cause. */
const RUN_FAILED = String.raw`^RunPodSandbox for \S.{0,1000} failed, error: .{0,400}?`;

/** Why a registry gave no image, from what containerd 1.6 to 2.x and CRI-O say. */
const PULL_REASONS: LogPattern['reasons'] = [
  ['unauthorized', /401 Unauthorized|no basic auth credentials|pull access denied|authentication required/],
  ['forbidden', /403 Forbidden/],
  ['too-many-requests', /429 Too Many Requests|toomanyrequests/],
  ['not-found', /: not found|404 Not Found|manifest unknown|name unknown/],
  ['connection-refused', /connection refused/],
  ['no-such-host', /no such host|server misbehaving|name resolution/],
  ['certificate', /x509:|certificate|HTTP response to HTTPS client/],
  ['unreachable', /network is unreachable|no route to host/],
  ['timeout', /i\/o timeout|deadline exceeded|Client\.Timeout|TLS handshake timeout/],
  ['server-error', /\b50\d [A-Z]/],
];

const START_REASONS: LogPattern['reasons'] = [
  ['missing', /no such file or directory/],
  ['format', /exec format error/],
  ['not-executable', /permission denied/],
];

/** Why no sandbox could be made, by what the step that failed is called. */
const SANDBOX_REASONS: LogPattern['reasons'] = [
  ['image', /sandbox image|pull image/],
  ['name', /failed to reserve sandbox name|is reserved for/],
  ['network', /set ?up network|cni plugin|CNI network|network for sandbox/i],
  ['start', /runtime create failed|start sandbox|containerd task|create container/],
  ['deadline', /deadline exceeded|context canceled/],
];

/** Every line that some check asks for. */
export const LOG_PATTERNS: readonly LogPattern[] = [
  {
    kind: 'sandbox-image',
    word: 'failed to get sandbox image',
    pattern: new RegExp(
      `${RUN_FAILED}failed to get sandbox image "(?<image>[^"]{1,512})": (?<rest>.*)$`,
      's',
    ),
    reasons: PULL_REASONS,
  },
  {
    kind: 'pause-start',
    word: 'OCI runtime create failed',
    pattern: new RegExp(
      `${RUN_FAILED}OCI runtime create failed: .*exec: "(?<program>[^"]{1,512})": (?<rest>.*)$`,
      's',
    ),
    reasons: START_REASONS,
  },
  {
    kind: 'name-reserved',
    word: 'is reserved for',
    pattern:
      /failed to reserve sandbox name "(?<name>[^"]{1,1024})": name "[^"]*" is reserved for "(?<holder>[0-9a-f]{8,64})"/,
  },
  {
    kind: 'database-locked',
    word: 'waiting for response from boltdb open',
    pattern: /^waiting for response from boltdb open/,
  },
  {
    kind: 'sandbox-made',
    word: 'returns sandbox id',
    pattern: /^RunPodSandbox for \S.{0,1000} returns sandbox id "/,
    ends: 'sandbox-failed',
  },
  {
    kind: 'sandbox-made',
    word: 'Ran pod sandbox',
    pattern: /^Ran pod sandbox [0-9a-f]{64} with infra container: /,
    ends: 'sandbox-failed',
  },
  {
    kind: 'sandbox-failed',
    word: 'RunPodSandbox for',
    pattern: /^RunPodSandbox for \S.{0,1000} failed, error: (?<rest>.*)$/s,
    reasons: SANDBOX_REASONS,
  },
  {
    // CRI-O tells its caller why, and its log that it takes an attempt back: the name goes last, whatever failed.
    kind: 'sandbox-failed',
    word: 'runSandbox: releasing pod sandbox name',
    pattern: /^runSandbox: releasing pod sandbox name: /,
  },
  {
    kind: 'storage-wiped',
    word: 'Wiping storage directory',
    pattern:
      /Wiping storage directory (?<path>\/\S{1,512}) because of (?:suspected )?(?:dirty|unclean) shutdown/,
  },
];
