import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Kit, openKit } from './sandbox-kit.ts';

let kit: Kit;

beforeAll(async () => {
  kit = await openKit('podctl-e2e-i');
});
afterAll(() => kit.close());

const write = (name: string, content: string) => {
  const file = path.join(kit.dir, name);
  fs.writeFileSync(file, content);
  return file;
};

test('bad input is one line and changes nothing', async () => {
  await kit.create('taken', ['--network', 'none']);
  onTestFinished(async () => {
    await kit.sandbox(['rm', '-f', 'taken']);
  });
  const bad = (name: string, content: object | string) =>
    write(name, typeof content === 'string' ? content : JSON.stringify(content));
  const taken = JSON.parse(fs.readFileSync(kit.conflist, 'utf8'));
  taken.plugins[0].bridge = 'podctl-other';
  taken.name = 'other';
  await kit.create('attached');
  onTestFinished(async () => {
    await kit.sandbox(['rm', '-f', 'attached']);
  });
  const missing = bad('missing.conflist', { cniVersion: '1.0.0', name: 'x', plugins: [{ type: 'nowhere' }] });
  const cases: [string[], RegExp][] = [
    [['create', 'Web'], /the name "Web" is no DNS label/],
    [['create', '../x'], /is no DNS label/],
    [['create', 'taken'], /the name taken is in use/],
    [['create', 'a', '--network', 'nobody', '--cni-conf-dir', kit.dir], /no network "nobody" in /],
    [['create', 'a', '--network', './no-such.conflist'], /no such file/],
    [
      ['create', 'a', '--network', bad('taken.conflist', taken)],
      /its subnet 10.213.7.0\/24 is in use: route/,
    ],
    [['create', 'a', '--network', missing], /plugin "nowhere" cannot be used/],
    [['create', 'a', '--sysctl', 'kernel.panic=1'], /sysctl "kernel.panic" is wrong/],
    [['create', 'a', '--sysctl', 'net.no_such=1'], /this kernel has none/],
    [['create', 'a', '--sysctl', 'net.ipv4.ip_forward'], /write KEY=VALUE/],
    [['create', 'a', '--hostname', 'a b'], /the hostname "a b" is no DNS label/],
    [['create', 'a', '--dns', 'dns.example'], /DNS server "dns.example" is wrong/],
    [['create', 'a', '--publish', '99999:80', '--network', kit.conflist], /ports are 1 to 65535/],
    [['create', 'a', '--publish', '8080:80', '--network', kit.conflist], /cannot publish ports/],
    [['create', 'a', '-f', bad('cut.json', '{"metadata":')], /cut.json is no JSON/],
    [['create', '-f', bad('odd.json', { metadata: { name: 'a' }, color: 1 })], /color: there is no such key/],
    [
      [
        'create',
        '-f',
        bad('host.json', {
          metadata: { name: 'a' },
          linux: { security_context: { namespace_options: { network: 2 } } },
        }),
      ],
      /namespace_options.network: only POD can be had/,
    ],
    [['inspect', 'nobody'], /there is no sandbox "nobody"/],
    [['rm', 'nobody'], /there is no sandbox "nobody"/],
    [['repair'], /repair wants the name of a sandbox, or --all/],
    [['ls', '-o', 'xml'], /-o: "xml" is unknown/],
    [['sing'], /sing/],
  ];
  const there = kit.footprint();
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await kit.sandbox(args);
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('hint: '));
    expect({ args, code, stdout, lines }).toEqual({
      args,
      code: 2,
      stdout: '',
      lines: [expect.stringMatching(message)],
    });
  }
  expect(kit.footprint()).toEqual(there);
});
