import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findings, found, look } from '../captures/alter.ts';
import { PIN, WEB } from '../captures/crio.ts';
import { type CriCapture, readCapture } from '../captures/load.ts';

const CONFLIST = '/etc/cni/net.d/10-podnet.conflist';
const NOBODY = 'd'.repeat(64);

/** The pod network with other plugins, or with another setting of the first one. */
function conflist(
  { files }: CriCapture,
  change: (list: { plugins: Record<string, unknown>[] }) => void,
): void {
  const list = JSON.parse(files[CONFLIST] ?? '');
  change(list);
  files[CONFLIST] = JSON.stringify(list);
}

const installed =
  (...plugins: string[]) =>
  (root: string) => {
    for (const plugin of plugins)
      fs.writeFileSync(`${root}/usr/lib/cni/${plugin}`, '#!/bin/sh\n', { mode: 0o755 });
  };

/** CRI-O's word for a network that it cannot use. */
function notReady({ cri }: CriCapture, message: string): void {
  const { status } = cri.status as { status: { conditions: Record<string, unknown>[] } };
  const network = status.conditions.find(({ type }) => type === 'NetworkReady');
  Object.assign(network ?? {}, { status: false, reason: 'NetworkPluginNotReady', message });
}

/** Tokens tell their end in their middle part. */
function kubeconfig(endsAt: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = [part({ alg: 'RS256' }), part({ exp: endsAt }), 'c2ln'].join('.');
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { user: 'u' } }],
    users: [{ name: 'u', user: { token } }],
  });
}

describe('the pod network of the captured node crio-1.37', () => {
  it('CNI-04: a plugin is missing, or cannot be run', async () => {
    const gone = await look(readCapture('crio-1.37'), (root) => fs.rmSync(`${root}/usr/lib/cni/portmap`));
    expect(await found(gone)).toEqual(['cni/plugin-missing missing portmap']);
    const ipam = await look(readCapture('crio-1.37'), (root) =>
      fs.chmodSync(`${root}/usr/lib/cni/host-local`, 0o644),
    );
    expect(await found(ipam)).toEqual(['cni/plugin-missing notExecutable host-local']);
  });

  it('CNI-04: CRI-O brings the loopback up itself, and needs no plugin for it', async () => {
    const facts = await look(readCapture('crio-1.37'), (root) => fs.rmSync(`${root}/usr/lib/cni/loopback`));
    expect(await found(facts)).toEqual([]);
  });

  it('CNI-01: the only configuration is cut, which CRI-O skips', async () => {
    const capture = readCapture('crio-1.37');
    capture.files[CONFLIST] = capture.files[CONFLIST]?.slice(0, 100) ?? '';
    notReady(capture, 'no CNI configuration file in /etc/cni/net.d/. Has your network provider started?');
    expect(await found(await look(capture))).toEqual([
      `cni/configuration-broken alone ${CONFLIST}`,
      'runtime/not-ready notReady /run/crio/crio.sock',
    ]);
  });

  it('CNI-01: a cut one before a sound one does no harm', async () => {
    const capture = readCapture('crio-1.37');
    capture.files['/etc/cni/net.d/00-cut.conflist'] = '{';
    const facts = await look(capture);
    expect(await found(facts)).toEqual([]);
    expect(await findings(facts)).toContainEqual(
      expect.objectContaining({ check: 'cni/configuration-broken', messageId: 'unused', severity: 'info' }),
    );
  });

  it('CNI-12: a sample of CRI-O comes before the network of an agent', async () => {
    const capture = readCapture('crio-1.37');
    capture.files['/etc/cni/net.d/00-crio.conflist'] = (capture.files[CONFLIST] ?? '').replace(
      'podnet',
      'crio',
    );
    const facts = await look(capture);
    expect(await found(facts)).toEqual([
      'cni/wrong-configuration otherNetwork /etc/cni/net.d/00-crio.conflist',
    ]);
    conflist(capture, (list) => {
      list.plugins = [{ type: 'flannel' }];
    });
    expect(await found(await look(capture))).toEqual([
      'cni/wrong-configuration sample /etc/cni/net.d/00-crio.conflist',
    ]);
  });

  it('CNI-05: the plugins do not know the version', async () => {
    const capture = readCapture('crio-1.37');
    notReady(capture, 'plugin type="bridge" failed (status): missing containerID');
    const refused = [
      `cni/version-mismatch refused ${CONFLIST}`,
      'runtime/not-ready notReady /run/crio/crio.sock',
    ];
    expect(await found(await look(capture))).toEqual(refused);
    // Programs below another root are not run: what they would have said.
    const facts = await look(readCapture('crio-1.37'));
    const { cniPlugins } = facts;
    if (cniPlugins?.status !== 'complete') throw new Error(JSON.stringify(cniPlugins));
    for (const plugin of cniPlugins.value.plugins)
      plugin.versions = ['0.4.0', plugin.type === 'bridge' ? '0.3.1' : '1.0.0'];
    expect(await found(facts)).toEqual(['cni/version-mismatch unsupported bridge']);
  });

  it('CNI-06: no address is left, with and without some that nobody owns', async () => {
    const capture = readCapture('crio-1.37');
    conflist(capture, ({ plugins }) => {
      Object.assign(plugins[0]?.ipam ?? {}, {
        ranges: [[{ subnet: '10.130.0.0/16', rangeStart: '10.130.0.10', rangeEnd: '10.130.0.12' }]],
      });
    });
    expect(await found(await look(capture))).toEqual(['cni/addresses-exhausted inUse podnet']);
    capture.files['/var/lib/cni/networks/podnet/10.130.0.12'] = `${NOBODY}\r\neth0`;
    expect(await found(await look(capture))).toEqual([
      'cni/addresses-exhausted leaked podnet',
      'cni/leaked-reservation alone podnet 10.130.0.12',
    ]);
  });

  it('CNI-08: the cached result of a sandbox that is gone', async () => {
    const capture = readCapture('crio-1.37');
    const cached = capture.files[`/var/lib/cni/results/podnet-${WEB}-eth0`] ?? '';
    const path = `/var/lib/cni/results/podnet-${NOBODY}-eth0`;
    capture.files[path] = cached.replaceAll(WEB, NOBODY).replaceAll(PIN, PIN.replaceAll('1', '0'));
    const facts = await look(capture);
    expect(await found(facts)).toEqual([]);
    const told = (await findings(facts)).filter(({ check }) => check === 'cni/cache-orphaned');
    expect(told).toMatchObject([{ severity: 'info', messageId: 'orphaned', subject: { id: path } }]);
    expect((await findings(facts, 86_400_000)).map(({ check }) => check)).not.toContain('cni/cache-orphaned');
  });

  it('CNI-02: the agent of the network has not written what its plugin needs', async () => {
    const capture = readCapture('crio-1.37');
    conflist(capture, (list) => {
      list.plugins = [{ type: 'flannel' }];
    });
    expect(await found(await look(capture, installed('flannel')))).toEqual([
      'cni/agent-state-missing missing flannel',
    ]);
  });

  it('CNI-09: what flannel noted of a running pod is empty', async () => {
    const capture = readCapture('crio-1.37');
    conflist(capture, (list) => {
      list.plugins = [{ type: 'flannel' }];
    });
    capture.files['/run/flannel/subnet.env'] = 'FLANNEL_SUBNET=10.130.0.1/16\n';
    capture.files[`/var/lib/cni/flannel/${WEB}`] = '';
    const facts = await look(capture, installed('flannel'));
    expect(await found(facts)).toEqual(['cni/delegate-state-damaged blocks default/web']);
    expect(await found(facts, 86_400_000)).toEqual([]);
  });

  it('CNI-19: the token of Calico is over', async () => {
    const capture = readCapture('crio-1.37');
    const file = '/etc/cni/net.d/calico-kubeconfig';
    conflist(capture, (list) => {
      list.plugins = [{ type: 'calico', kubernetes: { kubeconfig: file } }];
    });
    capture.files['/var/lib/calico/nodename'] = 'worker-1';
    capture.files[file] = kubeconfig(1_700_000_000);
    expect(await found(await look(capture, installed('calico')))).toEqual([
      'cni/credentials-expired expired calico',
    ]);
    capture.files[file] = kubeconfig(32_000_000_000);
    expect(await found(await look(capture, installed('calico')))).toEqual([]);
  });
});
