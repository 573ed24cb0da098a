/**
 * Why a command on a sandbox is refused, for people: the thing, the cause; `hint` is the next step, '' for none.
 * `usage`: what was asked for cannot be. `busy`: another podctl is at it. `failed`: it was begun and did not end.
 * `unseen`: the runtime cannot be reached, and nothing was begun.
 */
export class SandboxError extends Error {
  readonly kind: 'usage' | 'busy' | 'failed' | 'unseen';
  readonly hint: string;

  constructor(kind: SandboxError['kind'], message: string, hint = '') {
    super(message);
    this.name = 'SandboxError';
    this.kind = kind;
    this.hint = hint;
  }
}
