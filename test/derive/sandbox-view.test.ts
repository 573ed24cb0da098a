import { describe, expect, it } from 'vitest';
import { sandboxName, sandboxViews } from '../../src/derive/sandbox-view.ts';
import { addPod, emptyNode, healthyNode, kill } from '../support/node.ts';

describe('sandboxViews', () => {
  it('joins list, store, bundle, processes and shim of each sandbox', () => {
    const node = healthyNode();
    const views = sandboxViews(node);
    expect(views.map((v) => v.id)).toEqual(node.sandboxes.map((s) => s.id));
    for (const view of views) {
      expect([view.listed, view.record, view.bundle, view.pause, view.shim].every((w) => w !== null)).toBe(
        true,
      );
    }
    expect(views.map((v) => v.members.length)).toEqual([2, 1, 2]);
  });

  it('finds members by their shim when the list is not to be had', () => {
    const { sandboxes: _, containers: __, ...rest } = healthyNode();
    expect(sandboxViews(rest).map((v) => [v.members.length, v.members[0]?.listed])).toEqual([
      [2, null],
      [1, null],
      [2, null],
    ]);
  });

  it('shows a sandbox that only its shim, or only a container, still names', () => {
    const node = emptyNode();
    const byShim = addPod(node, 1, 'one', { containers: [] });
    const byContainer = addPod(node, 2, 'two');
    kill(node, byContainer.pause, byContainer.shim);
    Object.assign(node, { sandboxes: [], bundles: [], store: { records: [], sandboxes: [] } });
    const views = sandboxViews(node);
    expect(views.map((v) => v.id)).toEqual([byShim.sandbox.id, byContainer.sandbox.id]);
    expect(views[1]?.members).toHaveLength(1);
  });

  it('leaves out bundles of other containerd namespaces', () => {
    const node = emptyNode();
    addPod(node, 1, 'web', { containers: [] });
    for (const bundle of node.bundles) bundle.namespace = 'moby';
    expect(sandboxViews(node)[0]?.bundle).toBeNull();
  });

  it('answers the same question once', () => {
    const node = healthyNode();
    expect(sandboxViews(node)).toBe(sandboxViews({ ...node }));
    expect(sandboxViews(node)).not.toBe(sandboxViews({ ...node, sandboxes: [] }));
  });
});

describe('sandboxName', () => {
  it('gives pod and attempt, or the short id where nobody knows', () => {
    const meta = { name: 'web', namespace: 'default', uid: 'u', attempt: 0 };
    expect(sandboxName('a'.repeat(64), meta)).toBe('default/web');
    expect(sandboxName('a'.repeat(64), { ...meta, attempt: 2 })).toBe('default/web (attempt 2)');
    expect(sandboxName('a'.repeat(64), null)).toBe('a'.repeat(13));
  });
});
