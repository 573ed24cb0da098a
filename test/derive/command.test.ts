import { describe, expect, it } from 'vitest';
import { crictl, ctr } from '../../src/derive/command.ts';
import type { EndpointCandidate, EndpointsFact } from '../../src/model/facts.ts';

function chosen(path: string, source: EndpointCandidate['source'], others: string[] = []): EndpointsFact {
  const candidates = [path, ...others].map((p) => ({ path: p, source, state: 'socket' as const }));
  return { chosen: candidates[0] ?? null, candidates, traces: [] };
}

describe('crictl and ctr', () => {
  it('are short where they find the runtime by themselves', () => {
    const endpoints = chosen('/run/containerd/containerd.sock', 'well-known');
    expect(crictl(endpoints, 'pull', 'x')).toEqual(['crictl', 'pull', 'x']);
    expect(ctr(endpoints, 'images', 'ls')).toEqual(['ctr', '-n', 'k8s.io', 'images', 'ls']);
    expect(crictl(chosen('/run/x.sock', 'crictl.yaml'), 'ps')).toEqual(['crictl', 'ps']);
    expect(crictl({ chosen: null, candidates: [], traces: [] }, 'ps')).toEqual(['crictl', 'ps']);
  });

  it('name the socket where they would talk to another runtime, or to none', () => {
    const k3s = chosen('/run/k3s/containerd/containerd.sock', 'well-known');
    expect(crictl(k3s, 'ps')).toEqual(['crictl', '-r', 'unix:///run/k3s/containerd/containerd.sock', 'ps']);
    expect(ctr(k3s, 'c', 'ls').slice(0, 3)).toEqual(['ctr', '-a', '/run/k3s/containerd/containerd.sock']);
    const both = chosen('/run/crio/crio.sock', 'flag', ['/run/containerd/containerd.sock']);
    both.candidates.reverse();
    expect(crictl(both, 'ps')[1]).toBe('-r');
  });
});
