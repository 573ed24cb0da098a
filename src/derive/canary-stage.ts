import type { CanaryRun } from '../model/canary-facts.ts';

/** What runtimes say of each part of making a sandbox; the first that fits is meant. */
const STAGES: readonly (readonly [CanaryRun['stage'], RegExp])[] = [
  ['silence', /did not answer|cannot reach the runtime/i],
  ['name', /reserve (?:sandbox|container|pod)? ?name|name .{0,300} is (?:reserved|in use)/i],
  ['image', /sandbox image|pull(?:ing)? image|no such image|image .{0,300} not found/i],
  ['network', /network for sandbox|pod network|\bcni\b|network plugin|plugin type=|plugin .{0,100} failed/i],
  ['process', /\brunc\b|\bcrun\b|OCI runtime|shim|containerd task|conmon/i],
];

/** Which part of the runtime its answer names; '' when it does not tell. */
export function stageOf(text: string): CanaryRun['stage'] {
  return STAGES.find(([, pattern]) => pattern.test(text))?.[0] ?? '';
}
