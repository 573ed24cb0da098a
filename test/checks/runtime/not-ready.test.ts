import { describe, expect, it } from 'vitest';
import check from '../../../checks/runtime/not-ready.ts';
import { healthyNode, judge } from '../../support/node.ts';

describe('runtime/not-ready', () => {
  it('passes a ready runtime, whatever it announces beside', async () => {
    const node = healthyNode();
    const announcement = {
      type: 'ContainerdHasNoDeprecationWarnings',
      status: false,
      reason: 'x',
      message: 'y',
    };
    node.runtime.conditions.push(announcement);
    expect(await judge(check, node)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('names the condition, its reason, and the error from loading the CNI configuration', async () => {
    const node = healthyNode();
    node.runtime.conditions = [
      {
        type: 'NetworkReady',
        status: false,
        reason: 'NetworkPluginNotReady',
        message: 'cni plugin not initialized',
      },
    ];
    node.runtime.cniLoadErrors = ['cni config load failed: no network config found in /etc/cni/net.d'];
    expect((await judge(check, node)).findings).toMatchObject([
      {
        severity: 'error',
        message: 'containerd reports NetworkReady = false: cni plugin not initialized',
        evidence: [{}, { value: 'cni config load failed: no network config found in /etc/cni/net.d' }],
      },
    ]);
  });

  it('names RuntimeReady by its reason when there is no message', async () => {
    const node = healthyNode();
    node.runtime.conditions = [{ type: 'RuntimeReady', status: false, reason: 'Stopping', message: '' }];
    expect((await judge(check, node)).findings).toMatchObject([
      { message: 'containerd reports RuntimeReady = false: Stopping' },
    ]);
  });
});
