import { describe, expect, it } from 'vitest';
import check from '../../../checks/runtime/other-endpoint.ts';
import type { EndpointCandidate, Facts } from '../../../src/model/facts.ts';
import { emptyNode, healthyNode, judge, SOCKET } from '../../support/node.ts';

const CRIO = '/run/crio/crio.sock';

function withKubelet(endpoint: string | null, source: EndpointCandidate['source'] = 'well-known'): Facts {
  const node = emptyNode();
  const chosen: EndpointCandidate = { path: SOCKET, source, state: 'socket' };
  node.endpoints.chosen = chosen;
  node.endpoints.candidates = [chosen, { path: CRIO, source: 'well-known', state: 'socket' }];
  const [daemon] = node.daemons;
  if (daemon && endpoint !== null) {
    const flags = { 'container-runtime-endpoint': endpoint };
    node.daemons.push({ ...daemon, kind: 'kubelet', pid: 90, exe: '/usr/bin/kubelet', flags });
  }
  return node;
}

describe('runtime/other-endpoint', () => {
  it('passes a healthy node', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['crictl.yaml', 'crictl.yaml'],
    ['well-known', 'the search for well-known sockets'],
  ] as const)("names kubelet's socket where %s leads elsewhere", async (source, words) => {
    expect((await judge(check, withKubelet(`unix://${CRIO}`, source))).findings).toMatchObject([
      {
        messageId: 'other',
        severity: 'warning',
        message: `kubelet uses ${CRIO}, but ${words} leads to ${SOCKET}: this report is about another runtime`,
        remedies: [
          {
            commands: [
              `podctl doctor -r unix://${CRIO}`,
              `crictl config --set runtime-endpoint=unix://${CRIO}`,
            ],
          },
        ],
      },
    ]);
  });

  it("names the socket of kubelet's configuration, where no flag does, while kubelet runs", async () => {
    const node = withKubelet('');
    node.kubeletConfig.endpoint = { value: CRIO, at: '/var/lib/kubelet/config.yaml:7' };
    expect((await judge(check, node)).findings).toMatchObject([
      { messageId: 'other', evidence: [{ at: '/var/lib/kubelet/config.yaml:7', value: CRIO }, {}] },
    ]);
    node.daemons = node.daemons.filter(({ kind }) => kind !== 'kubelet');
    expect((await judge(check, node)).findings).toMatchObject([{ messageId: 'several' }]);
  });

  it('says as information that there are several', async () => {
    expect((await judge(check, withKubelet(null))).findings).toMatchObject([
      { messageId: 'several', severity: 'info', data: { count: 2 } },
    ]);
  });

  it.each([
    ['the same socket', `unix://${SOCKET}`, 'well-known'],
    ['the same socket by /var/run', `unix:///var${SOCKET}`, 'crictl.yaml'],
    ['a socket named on the command line', `unix://${CRIO}`, 'flag'],
    ['a socket named in the environment', `unix://${CRIO}`, 'environment'],
    ['several sockets where crictl.yaml chooses', null, 'crictl.yaml'],
  ] as const)('does not report %s', async (_, endpoint, source) => {
    expect(await judge(check, withKubelet(endpoint, source))).toMatchObject({ verdict: 'pass' });
  });
});
