import type { AgentState, CniCredential, CniPlugin, Facts, HandedOver } from './facts.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text } from './shape.ts';
import { maybeText } from './shapes-common.ts';

type Need = CniPlugin['neededBy'][number];

/** Facts about the programs of pod networks and what they need. */
export const cniPluginShapes: { [N in 'cniPlugins' | 'cniAgents']: Shape<Facts[N]> } = {
  cniPlugins: record<Facts['cniPlugins']>({
    binDirs: list(text),
    plugins: list(
      record<CniPlugin>({
        type: text,
        neededBy: list(
          record<Need>({
            from: oneOf('configuration', 'cache', 'runtime'),
            network: text,
            role: oneOf('plugin', 'ipam', 'delegate', 'loopback'),
          }),
        ),
        path: maybeText,
        executable: flag,
        machine: text,
        mtime: amount,
        versions: nullable(list(text)),
      }),
    ),
  }),
  cniAgents: record<Facts['cniAgents']>({
    states: list(
      record<AgentState>({
        plugin: text,
        network: text,
        path: text,
        kind: oneOf('file', 'socket'),
        state: oneOf('there', 'missing', 'deaf', 'malformed'),
      }),
    ),
    credentials: list(
      record<CniCredential>({
        plugin: text,
        network: text,
        path: text,
        mtime: amount,
        state: oneOf('read', 'missing', 'malformed'),
        kind: oneOf('token', 'certificate', 'none'),
        expiresAt: nullable(amount),
      }),
    ),
    handedOver: list(
      record<HandedOver>({
        plugin: text,
        network: text,
        path: text,
        containerId: text,
        state: oneOf('whole', 'empty', 'malformed', 'foreign'),
        mtime: amount,
      }),
    ),
  }),
};
