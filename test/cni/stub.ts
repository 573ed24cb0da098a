import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CniRuntime } from '../../src/cni/runtime.ts';

/** A folder of plugins of ours, and a cache; no namespaces. */
export interface Stubs {
  dir: string;
  runtime: CniRuntime;
  /** Writes a plugin: a shell script in which DIR is the folder. */
  plugin(name: string, script: string): void;
  /** Writes a plugin that notes its calls, and answers ADD with `result`. */
  recorder(name: string, result: object): void;
  /** What the recorders were asked, in order. */
  calls(): { plugin: string; command: string; env: Record<string, string>; conf: Record<string, unknown> }[];
  read(name: string): string;
  close(): void;
}

export function openStubs(): Stubs {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cni-'));
  const bin = path.join(dir, 'bin');
  fs.mkdirSync(bin);
  const plugin = (name: string, script: string) =>
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${script.replaceAll('DIR', dir)}\n`, { mode: 0o755 });
  const read = (name: string) => {
    const file = path.join(dir, name);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  };
  return {
    dir,
    runtime: {
      binFolders: [bin],
      cacheDir: path.join(dir, 'cache'),
      timeoutMs: 10_000,
      envPath: '/usr/bin:/bin',
    },
    plugin,
    recorder: (name, result) =>
      plugin(
        name,
        `{ echo "plugin ${name}"; env; echo "conf $(cat)"; echo end; } >>DIR/calls
case $CNI_COMMAND in
  ADD) echo '${JSON.stringify(result)}' ;;
  VERSION) echo '{"cniVersion":"1.1.0","supportedVersions":["1.0.0","1.1.0"]}' ;;
esac`,
      ),
    calls: () => read('calls').split('\nend\n').filter(Boolean).map(parseCall),
    read,
    close: () => fs.rmSync(dir, { recursive: true }),
  };
}

function parseCall(text: string) {
  const lines = text.split('\n');
  const conf = lines.find((line) => line.startsWith('conf ')) ?? 'conf {}';
  const env = lines
    .filter((line) => /^\w+=/.test(line))
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return {
    plugin: (lines[0] ?? '').slice('plugin '.length),
    command: Object.fromEntries(env).CNI_COMMAND ?? '',
    env: Object.fromEntries(env),
    conf: JSON.parse(conf.slice('conf '.length)) as Record<string, unknown>,
  };
}

/** A result as a plugin of version 1.1.0 might give it. */
export function sampleResult(address: string, netns: string): Record<string, unknown> {
  return {
    cniVersion: '1.1.0',
    interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', sandbox: netns }],
    ips: [{ address, gateway: address.replace(/\d+\/.*/, '1'), interface: 0 }],
    routes: [{ dst: '0.0.0.0/0' }],
    dns: {},
  };
}
