import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { podctl } from './doctor.ts';

const FLAG = '--pod-infra-container-image=registry.k8s.io/pause:3.9';
const ENVIRONMENT = `# of the image builder\nKUBELET_EXTRA_ARGS="--node-labels=a=b ${FLAG}"\n`;
const KUBEADM = `KUBELET_KUBEADM_ARGS="${FLAG} --container-runtime-endpoint=unix:///run/c.sock"\n`;
const DROP_IN = `[Service]\nExecStart=\nExecStart=/usr/bin/kubelet $A \\\n  ${FLAG} \\\n  --v=2\n`;
const FILES = {
  'etc-default/kubelet': ENVIRONMENT,
  'var-lib/kubelet/kubeadm-flags.env': KUBEADM,
  'units/kubelet.service.d/20-pause.conf': DROP_IN,
};
const PLACES = {
  'etc-default': '/etc/default',
  'var-lib': '/var/lib',
  units: '/etc/systemd/system',
  bin: '/usr/local/bin',
};

let dir = '';
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-kubelet-'));
  for (const folder of Object.keys(PLACES)) fs.mkdirSync(path.join(dir, folder));
  for (const [name, text] of Object.entries(FILES)) {
    const file = path.join(dir, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode: 0o640 });
  }
  const kubelet = path.join(dir, 'bin/kubelet');
  fs.writeFileSync(kubelet, '#!/bin/sh\necho Kubernetes v1.35.1\n', { mode: 0o755 });
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

/** podctl on this machine as it would be with our files in kubelet's places, which nobody else sees. */
function run(...args: string[]): Promise<{ code: number | null; stdout: string }> {
  const mounts = Object.entries(PLACES).map(([from, to]) => `mount --bind ${path.join(dir, from)} ${to}`);
  const script = ['mount --make-rprivate /', ...mounts, 'exec "$@"'].join(' && ');
  const words = ['-m', 'sh', '-c', script, 'sh', process.execPath, podctl(), ...args];
  return new Promise((resolve) => {
    const child = execFile('unshare', words, (_, stdout) => resolve({ code: child.exitCode, stdout }));
  });
}

async function found(): Promise<string[]> {
  const { stdout } = await run('doctor', 'kubelet/*', '-o', 'json');
  const { checks } = JSON.parse(stdout) as Report;
  return checks.flatMap(({ id, findings }) => findings.map((f) => `${id} ${f.messageId} ${f.subject.id}`));
}

function texts(): Record<string, string> {
  return Object.fromEntries(
    Object.keys(FILES).map((name) => [name, fs.readFileSync(path.join(dir, name), 'utf8')]),
  );
}

it('the flag that kubelet 1.35 does not know is taken out of each file that gives it, and comes back by undo', async () => {
  const fault = 'kubelet/removed-pause-flag removed';
  expect(await found()).toEqual([
    `${fault} /var/lib/kubelet/kubeadm-flags.env`,
    `${fault} /etc/default/kubelet`,
    `${fault} /etc/systemd/system/kubelet.service.d/20-pause.conf`,
  ]);
  const state = ['--state-dir', path.join(dir, 'state')];
  const fix = ['doctor', 'kubelet/*', '--fix', '--risk', 'disruptive', '--settle', '0s', ...state];
  const shown = await run(...fix, '--dry-run');
  expect(shown.stdout).toContain('systemctl daemon-reload; systemctl restart kubelet');
  expect(shown.stdout).toContain('+KUBELET_EXTRA_ARGS="--node-labels=a=b"');
  expect(texts()).toEqual(FILES);
  expect((await run(...fix, '--yes')).code).toBe(0);
  expect(texts()).toEqual({
    'etc-default/kubelet': '# of the image builder\nKUBELET_EXTRA_ARGS="--node-labels=a=b"\n',
    'var-lib/kubelet/kubeadm-flags.env':
      'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/c.sock"\n',
    'units/kubelet.service.d/20-pause.conf':
      '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet $A \\\n  \\\n  --v=2\n',
  });
  expect(await found()).toEqual([]);
  const [backup = ''] = fs
    .readdirSync(path.join(dir, 'etc-default'))
    .filter((name) => name.includes('.podctl-'));
  expect(fs.readFileSync(path.join(dir, 'etc-default', backup), 'utf8')).toBe(ENVIRONMENT);
  expect(fs.statSync(path.join(dir, 'etc-default', backup)).mode & 0o777).toBe(0o640);
  expect((await run('undo', '--yes', ...state)).code).toBe(0);
  expect(texts()).toEqual(FILES);
});
