import type { Action } from '../model/plan.ts';

type Kind =
  | 'run-sandbox'
  | 'start-pod-container'
  | 'stop-containers'
  | 'remove-container'
  | 'remove-pod-logs';

/** An action on the runtime's sandboxes as crictl commands; files that crictl reads are called what they hold. */
export function printPod(action: Extract<Action, { kind: Kind }>): string[][] {
  switch (action.kind) {
    case 'run-sandbox':
      return [crictl(action.endpoint, 'runp', 'pod.json')];
    case 'start-pod-container':
      return [
        crictl(action.endpoint, 'create', action.container.sandboxId, 'container.json', 'pod.json'),
        crictl(action.endpoint, 'start', action.container.name),
      ];
    case 'stop-containers':
      return [
        crictl(action.endpoint, 'stop', '-t', String(Math.ceil(action.graceMs / 1000)), ...action.containers),
      ];
    case 'remove-container':
      return [
        crictl(action.endpoint, 'rm', action.container),
        ...(action.log === '' ? [] : [['rm', '-f', action.log]]),
      ];
    case 'remove-pod-logs':
      return [['rm', '-rf', action.folder]];
  }
}

/** A crictl command for the runtime at a socket. */
export function crictl(endpoint: string, ...words: string[]): string[] {
  return ['crictl', '-r', `unix://${endpoint}`, ...words];
}
