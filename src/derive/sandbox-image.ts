import type { ConfigValue, RuntimeConfigFact, RuntimeFact } from '../model/facts.ts';
import { type Problem, problem } from '../model/outcome.ts';

/** Times of files and of a process start come from different clocks and roundings. */
const CLOCK_SLACK_MS = 1500;

export interface SandboxImageUse {
  /** What the running runtime makes sandboxes from; null when only its files could tell and they changed since. */
  inForce: { reference: string; at: string } | null;
  /** What it will use after its next start; null when that cannot be known. */
  next: ConfigValue | null;
}

/** The sandbox image now and after a restart: the runtime's own word first, its files while they are in force. */
export function sandboxImageUse(
  runtime: RuntimeFact | undefined,
  config: RuntimeConfigFact,
): SandboxImageUse {
  const next = config.sandboxImage;
  if (runtime?.sandboxImage) {
    return { inForce: { reference: runtime.sandboxImage, at: 'runtime status, config.sandboxImage' }, next };
  }
  const current = next !== null && !changedSinceStart(config);
  return { inForce: current ? { reference: next.value, at: placeOf(next) } : null, next };
}

/** True when a configuration file is younger than the daemon: what it says is not in force yet. */
export function changedSinceStart(config: RuntimeConfigFact): boolean {
  const started = config.daemonStartedAt;
  if (started === null) return false;
  return config.files.some((file) => file.mtime > started + CLOCK_SLACK_MS);
}

/** `file:line` of a value, or where a default comes from. */
export function placeOf(value: ConfigValue): string {
  if (value.file === null) return 'built-in default';
  return value.line === null ? value.file : `${value.file}:${value.line}`;
}

/** Why nothing can be said about the sandbox image; null when something can. */
export function sandboxImageUnknown(
  { inForce, next }: SandboxImageUse,
  config: RuntimeConfigFact,
): Problem | null {
  if (inForce !== null || next !== null) return null;
  const broken = config.files.find((file) => file.error !== null);
  const why = broken ? `${broken.path} cannot be used` : `the version of ${config.runtime} is not known`;
  return problem('unavailable', `which sandbox image ${config.runtime} uses cannot be told: ${why}`);
}
