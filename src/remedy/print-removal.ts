import path from 'node:path';
import { ruleCommands } from '../derive/cni-rules.ts';
import type { Action } from '../model/plan.ts';
import { crictl } from './print-pod.ts';

type Kind =
  | 'stop-sandbox'
  | 'remove-sandbox'
  | 'end-task'
  | 'delete-store-record'
  | 'delete-oci-state'
  | 'release-attachment'
  | 'remove-file'
  | 'put-config-aside'
  | 'delete-link'
  | 'set-link'
  | 'delete-rules'
  | 'remove-cgroup';

/** What an operator would type to take away what was left behind, or to put it back. */
export function printRemoval(action: Extract<Action, { kind: Kind }>): string[][] {
  switch (action.kind) {
    case 'stop-sandbox':
      return [crictl(action.endpoint, 'stopp', action.sandbox)];
    case 'remove-sandbox':
      return [crictl(action.endpoint, 'rmp', action.sandbox)];
    case 'end-task':
      return [
        ctr(action.endpoint, 'tasks', 'kill', '-a', '-s', '9', action.container),
        ctr(action.endpoint, 'tasks', 'rm', action.container),
      ];
    case 'delete-store-record':
      return [ctr(action.endpoint, 'containers', 'rm', action.container)];
    case 'delete-oci-state':
      return [['runc', '--root', action.root, 'delete', '--force', action.container]];
    case 'release-attachment':
      return [cnitool(action)];
    case 'remove-file':
      return [
        action.lock === '' ? ['rm', '--', action.path] : ['flock', action.lock, 'rm', '--', action.path],
      ];
    case 'put-config-aside':
      return [['mv', '--', action.path, '/root/']];
    case 'delete-link':
      return [['ip', 'link', 'delete', 'dev', action.name]];
    case 'set-link': {
      const change = [...(action.bridge ? ['master', action.bridge.name] : []), ...(action.up ? ['up'] : [])];
      return [['ip', 'link', 'set', 'dev', action.name, ...change]];
    }
    case 'delete-rules':
      return ruleCommands(action.program, action);
    case 'remove-cgroup':
      return action.hierarchies.map((hierarchy) => [
        'find',
        path.join(hierarchy, action.path),
        '-depth',
        '-type',
        'd',
        '-exec',
        'rmdir',
        '{}',
        ';',
      ]);
  }
}

function ctr(endpoint: string, ...words: string[]): string[] {
  return ['ctr', '-a', endpoint, '-n', 'k8s.io', ...words];
}

/** The file's name is `<network>-<id>-<interface>`. */
function cnitool({ entry, netns, binDirs }: Extract<Action, { kind: 'release-attachment' }>): string[] {
  const [, network = '', id = '', ifName = ''] =
    /^(.+)-([0-9a-f]{64})-([^/]+)$/.exec(path.basename(entry)) ?? [];
  const environment = [`CNI_PATH=${binDirs.join(':')}`, `CNI_CONTAINERID=${id}`, `CNI_IFNAME=${ifName}`];
  return ['env', ...environment, 'cnitool', 'del', network, netns];
}
