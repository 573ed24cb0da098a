import { describe, expect, it } from 'vitest';
import check from '../../../checks/kubelet/resolv-conf-missing.ts';
import type { Facts, Resolver } from '../../../src/model/facts.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { healthyNode, judge, NOW } from '../../support/node.ts';

const CONFIG = '/var/lib/kubelet/config.yaml';
const STUB = '/run/systemd/resolve/resolv.conf';
const NO_KUBELET: Outcome<never> = { status: 'absent', reason: 'no kubelet runs', ms: 0 };

function node(change: Partial<Resolver>): Facts {
  const facts = healthyNode();
  facts.kubeletConfig.resolver = {
    value: STUB,
    at: `${CONFIG}:9`,
    origin: 'file',
    state: 'missing',
    leadsTo: STUB,
    ...change,
  };
  return facts;
}

describe('kubelet/resolv-conf-missing', () => {
  it('passes a file that is there, and a kubelet that reads none', async () => {
    expect(await judge(check, healthyNode())).toMatchObject({ verdict: 'pass', findings: [] });
    expect(await judge(check, node({ state: 'there' }))).toMatchObject({ verdict: 'pass' });
    const off = healthyNode();
    off.kubeletConfig.resolver = null;
    expect(await judge(check, off)).toMatchObject({ verdict: 'pass' });
  });

  it('names a file that is missing, and the line that names it', async () => {
    expect((await judge(check, node({}))).findings).toMatchObject([
      {
        messageId: 'missing',
        severity: 'error',
        message: `New pods cannot start: kubelet reads ${STUB} for each of them, and it is not there`,
        subject: { kind: 'file', id: STUB },
        evidence: [
          { at: `${CONFIG}:9`, value: STUB },
          { at: STUB, value: 'not there' },
        ],
        remedies: [{ commands: ['systemctl start systemd-resolved.service'] }],
      },
    ]);
  });

  it('names where a broken link leads, and takes the default name of a kubelet that runs as well', async () => {
    const link = node({
      value: '/etc/resolv.conf',
      at: 'built-in default',
      origin: 'default',
      leadsTo: '/gone',
    });
    expect((await judge(check, link)).findings).toMatchObject([
      {
        messageId: 'missing',
        evidence: [{ at: 'built-in default' }, { value: 'leads to /gone, which is not there' }],
        remedies: [{ commands: ['systemctl restart kubelet.service'] }],
      },
    ]);
  });

  it('warns of a name that kubelet will read after its next start', async () => {
    const facts = node({});
    facts.kubeletConfig.files = [{ path: CONFIG, mtime: NOW, error: null }];
    expect((await judge(check, facts)).findings).toMatchObject([
      { messageId: 'missingAtStart', severity: 'warning' },
    ]);
    expect((await judge(check, node({}), { kubelet: NO_KUBELET })).findings).toMatchObject([
      { messageId: 'missingAtStart', severity: 'warning' },
    ]);
  });

  it('takes a flag of the running kubelet as in force, whatever file changed since', async () => {
    const facts = node({ origin: 'flag', at: '--resolv-conf' });
    facts.kubeletConfig.files = [{ path: CONFIG, mtime: NOW, error: null }];
    expect((await judge(check, facts)).findings).toMatchObject([{ messageId: 'missing' }]);
  });

  it('says nothing of the default name where no kubelet runs', async () => {
    const facts = node({ value: '/etc/resolv.conf', origin: 'default' });
    expect(await judge(check, facts, { kubelet: NO_KUBELET })).toMatchObject({ verdict: 'pass' });
  });

  it('is unknown where the file could not be seen, skipped without a kubelet', async () => {
    expect(await judge(check, node({ state: 'unseen' }))).toMatchObject({ verdict: 'unknown', findings: [] });
    const absent: Outcome<never> = { status: 'absent', reason: 'no kubelet is on this node', ms: 0 };
    expect(await judge(check, healthyNode(), { kubeletConfig: absent })).toMatchObject({
      verdict: 'skipped',
    });
  });
});
