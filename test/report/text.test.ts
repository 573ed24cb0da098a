import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { isUnsafe } from '../../src/report/escape.ts';
import { renderText } from '../../src/report/text.ts';
import { displayWidth } from '../../src/report/width.ts';
import { aCheck, aFinding, aReport } from '../support/report.ts';
import { brokenReport, hostileReport } from './broken-report.ts';

const plain = (report: Report, width = 80, verbose = false) =>
  renderText(report, { width, colour: false, verbose });

test('a healthy node takes two lines', async () => {
  expect(await plain(aReport([aCheck(), aCheck(), aCheck()]))).toBe(
    'worker-1   containerd 2.1.9   100 sandboxes, 200 containers   74 ms\n3 checks pass\n',
  );
});

test('a broken node in 80 columns', async () => {
  expect(await plain(brokenReport)).toBe(`\
worker-1   containerd 2.1.9   100 sandboxes, 200 containers   74 ms

ERROR  New pods cannot start: the sandbox image registry.k8s.io/pause:3.10 is
       not on this node
       image/sandbox-image-missing
  see  /etc/containerd/config.toml:14  sandbox = "registry.k8s.io/pause:3.10"
       image list                      10 images; pause:3.9 is here with the
                                       same content
  do   crictl pull registry.k8s.io/pause:3.10                               safe
  or   ctr -n k8s.io images tag --force registry.k8s.io/pause:3.9 \\
         registry.k8s.io/pause:3.10
       systemctl restart containerd                                   disruptive

WARN   The pause of sandbox 0123456789abc lives, its record is gone
       sandbox/orphaned-pause
  see  /run/containerd/io.containerd.ru...k8s.io/0123456789abc/config.json  here
  do   crictl rmp -f \\
         0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
       (destructive)

WARN   Network namespaces outlived their sandboxes (5 network namespaces)
       netns/leaked
       nobody uses /run/netns/cni-1
  see  /run/netns/cni-1  net:[4026533011]
       nobody uses /run/netns/cni-2
  see  /run/netns/cni-2  net:[4026533012]
       nobody uses /run/netns/cni-3
  see  /run/netns/cni-3  net:[4026533013]
       ... 2 more (-v)
  do   podctl gc netns                                                      safe

7 faults (1 error, 6 warnings); 1 check passes; 1 for information (-v); 1 not
judged: kubelet is not running (-v)
`);
});

test('a broken node in 160 columns, all of it', async () => {
  expect(await plain(brokenReport, 160, true)).toBe(`\
worker-1   containerd 2.1.9   100 sandboxes, 200 containers   74 ms

ERROR  New pods cannot start: the sandbox image registry.k8s.io/pause:3.10 is not on this node
       image/sandbox-image-missing
  see  /etc/containerd/config.toml:14  sandbox = "registry.k8s.io/pause:3.10"
       image list                      10 images; pause:3.9 is here with the same content
  do   crictl pull registry.k8s.io/pause:3.10                               safe
  or   ctr -n k8s.io images tag --force registry.k8s.io/pause:3.9 registry.k8s.io/pause:3.10
       systemctl restart containerd                                   disruptive

WARN   The pause of sandbox 0123456789abc lives, its record is gone
       sandbox/orphaned-pause
  see  /run/containerd/io.containerd.runtime.v2.task/k8s.io/0123456789abc/config.json  here
  do   crictl rmp -f 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  destructive

WARN   Network namespaces outlived their sandboxes (5 network namespaces)
       netns/leaked
       nobody uses /run/netns/cni-1
  see  /run/netns/cni-1  net:[4026533011]
       nobody uses /run/netns/cni-2
  see  /run/netns/cni-2  net:[4026533012]
       nobody uses /run/netns/cni-3
  see  /run/netns/cni-3  net:[4026533013]
       nobody uses /run/netns/cni-4
  see  /run/netns/cni-4  net:[4026533014]
       nobody uses /run/netns/cni-5
  see  /run/netns/cni-5  net:[4026533015]
  do   podctl gc netns                                                      safe

INFO   For your information
       config/note

not judged
  kubelet/sample  unknown  kubelet is not running

facts
  sandboxes  complete  12 ms
  kubelet    absent    0 ms; kubelet is not running
  store      failed    10.0 s; no answer within 10 s

7 faults (1 error, 6 warnings); 1 check passes; 1 for information; 1 not judged
`);
});

test('wide cuts nothing', async () => {
  const text = await plain(brokenReport, Number.POSITIVE_INFINITY);
  const id = '0123456789abcdef'.repeat(4);
  expect(text).toContain(`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json  here`);
  expect(text).toContain(`  do   crictl rmp -f ${id}`);
  expect(text).not.toContain('...\n');
});

test.each([80, 160])('no line is longer than %i columns', async (width) => {
  for (const verbose of [false, true]) {
    for (const report of [brokenReport, hostileReport]) {
      const lines = (await plain(report, width, verbose)).split('\n');
      expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
    }
  }
});

test('hostile names cannot disturb the terminal', async () => {
  for (const width of [80, 160, Number.POSITIVE_INFINITY]) {
    const text = await plain(hostileReport, width, true);
    expect(text.split('\n').filter(isUnsafe)).toEqual([]);
    expect(text).toContain('\\x1b[2J');
    expect(text).toContain('\\u202e');
  }
});

test('colours mark the severity and leave the text alone', async () => {
  const report = aReport([
    aCheck({ findings: [aFinding({ evidence: [{ fact: 'pins', at: '/run' }] })] }),
    aCheck({ id: 'b/b', findings: [aFinding({ severity: 'warning' })] }),
    aCheck({ id: 'c/c', findings: [aFinding({ severity: 'info' })] }),
  ]);
  const text = await renderText(report, { width: 80, colour: true, verbose: true });
  expect(text).toContain('\x1b[31mERROR  \x1b[39m');
  expect(text).toContain('\x1b[33mWARN   \x1b[39m');
  expect(text).toContain('\x1b[36mINFO   \x1b[39m');
  expect(text).toContain('\x1b[2m  see\x1b[22m');
  expect(text.replace(/\x1b\[\d+m/g, '')).toBe(await plain(report, 80, true));
});

test('subjects with the same message are told apart by their names', async () => {
  const subject = (name: string) => aFinding({ subject: { kind: 'container', id: name, name } });
  const text = await plain(aReport([aCheck({ findings: [subject('default/a'), subject('default/b')] })]));
  expect(text).toContain(
    'ERROR  Things are missing (2 containers)\n       sandbox/sample\n       default/a\n       default/b\n',
  );
});

test('what cures all subjects at once is said once; what cures each alone is for -v', async () => {
  const leaked = (n: number) =>
    aFinding({
      severity: 'warning',
      subject: { kind: 'reservation', id: `${n}` },
      message: `10.88.0.${n} is held for nobody`,
      evidence: [],
      remedies: [
        { id: 'a', title: 'Free it', risk: 'safe', commands: ['podctl gc ipam'] },
        { id: 'b', title: 'By hand', risk: 'disruptive', commands: [`rm 10.88.0.${n}`] },
      ],
    });
  const report = aReport([aCheck({ id: 'a/a', severity: 'warning', findings: [leaked(2), leaked(3)] })]);
  expect(await plain(report)).toContain(`\
       10.88.0.2 is held for nobody
       10.88.0.3 is held for nobody
  do   podctl gc ipam                                                       safe
`);
  expect(await plain(report, 80, true)).toContain(`\
       10.88.0.2 is held for nobody
  or   rm 10.88.0.2                                                   disruptive
       10.88.0.3 is held for nobody
  or   rm 10.88.0.3                                                   disruptive
  do   podctl gc ipam                                                       safe
`);
  const one = aReport([aCheck({ id: 'a/a', severity: 'warning', findings: [leaked(2)] })]);
  expect(await plain(one)).toContain(`\
  do   podctl gc ipam                                                       safe
  or   rm 10.88.0.2                                                   disruptive
`);
});

test('what a finding explains is told in short, after it; -v tells all', async () => {
  const subject = { kind: 'file' as const, id: '/etc/cni/net.d/10-pods.conflist' };
  const explainedBy = [{ check: 'cni/plugin-missing', messageId: 'missing', subject }];
  const leaked = (n: number) =>
    aFinding({
      severity: 'warning',
      messageId: 'leaked',
      subject: { kind: 'reservation', id: `/ipam/10.88.0.${n}`, name: `pods 10.88.0.${n}` },
      message: `10.88.0.${n} of pods is held for nobody`,
      evidence: [{ fact: 'reservations', at: `/ipam/10.88.0.${n}`, value: 'since then' }],
      remedies: [
        { id: 'a', title: 'Free it', risk: 'safe', commands: ['podctl gc ipam'] },
        { id: 'b', title: 'By hand', risk: 'disruptive', commands: [`rm 10.88.0.${n}`] },
      ],
      explainedBy,
    });
  const report = aReport([
    aCheck({
      id: 'cni/leaked-reservation',
      failureTitle: 'Addresses stay reserved',
      severity: 'warning',
      findings: Array.from({ length: 214 }, (_, i) => leaked(i + 2)),
    }),
    aCheck({ id: 'cni/not-judged', verdict: 'unknown', reason: 'cannot be told', explainedBy }),
    aCheck({
      id: 'cni/plugin-missing',
      failureTitle: 'A network plugin is missing',
      severity: 'warning',
      findings: [
        aFinding({ severity: 'warning', subject, message: 'No pod gets a network: inj is missing' }),
      ],
    }),
  ]);
  expect(await plain(report)).toBe(`\
worker-1   containerd 2.1.9   100 sandboxes, 200 containers   74 ms

WARN   No pod gets a network: inj is missing
       cni/plugin-missing

WARN   Addresses stay reserved (214 reservations)
       cni/leaked-reservation, because of cni/plugin-missing above
       pods 10.88.0.2, pods 10.88.0.3, pods 10.88.0.4, 211 more (-v)
  do   podctl gc ipam                                                       safe

215 faults (215 warnings); 0 checks pass; 1 not judged, because a network plugin
is missing (-v)
`);
  const all = await plain(report, 80, true);
  expect(all).toContain(`\
       cni/leaked-reservation, because of cni/plugin-missing above
       10.88.0.2 of pods is held for nobody
  see  /ipam/10.88.0.2  since then
`);
  expect(all).toContain('10.88.0.215 of pods is held for nobody');
  expect(all).toContain('  cni/not-judged  unknown  because of cni/plugin-missing: cannot be told\n');
});
