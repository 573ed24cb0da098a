import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tree } from '../rig/packages.ts';
import { checksFolder, execOf, judged } from './kit.ts';

/** In the way of those that come with node-problem-detector: it knows no podctl, reads nothing, and says one line. */
const NPD_PLUGIN = `#!/bin/bash

# Reports a problem when the table of tracked connections is nearly full.

readonly OK=0
readonly NONOK=1
readonly UNKNOWN=2

readonly count_file="\${COUNT_FILE:-/proc/sys/net/netfilter/nf_conntrack_count}"
limit=$1

if ! command -v cat >/dev/null; then
  echo "cat is not there"
  exit $UNKNOWN
fi
if [[ ! -r "$count_file" ]]; then
  echo "$count_file cannot be read"
  exit $UNKNOWN
fi
if (( $(cat "$count_file") >= limit )); then
  echo "the table of tracked connections is full: $limit"
  exit $NONOK
fi
echo "the table of tracked connections has room"
exit $OK
`;

it('runs plug-ins of Nagios as Debian has them', async () => {
  const root = await tree({
    name: 'monitoring-plugins',
    suite: 'bookworm',
    packages: ['monitoring-plugins-basic'],
  });
  const plugin = (name: string) => path.join(root, 'usr/lib/nagios/plugins', name);
  const stock = (id: string, command: string[]) => execOf(id, command, { stdin: 'none', timeout: '10s' });
  const folder = checksFolder({
    'well.check.yaml': stock('debian.nagios/well', [plugin('check_disk'), '-w', '0', '-c', '0', '-p', '/']),
    'full.check.yaml': stock('debian.nagios/full', [
      plugin('check_disk'),
      '-w',
      '0',
      '-c',
      '100%',
      '-p',
      '/',
    ]),
    'warn.check.yaml': stock('debian.nagios/warn', [plugin('check_procs'), '-w', '0', '-c', '100000']),
    'usage.check.yaml': stock('debian.nagios/usage', [plugin('check_disk'), '--no-such-option']),
  });
  const { check } = await judged(folder, ['debian.nagios/*'], []);
  expect(check('debian.nagios/well')).toMatchObject({ verdict: 'pass' });
  expect(check('debian.nagios/full').findings).toMatchObject([
    { severity: 'error', message: expect.stringMatching(/^DISK CRITICAL - free space: \/ \d+ ?MiB[^|]*$/) },
  ]);
  expect(check('debian.nagios/warn').findings).toMatchObject([
    { severity: 'warning', message: expect.stringMatching(/^PROCS WARNING: \d+ processes$/) },
  ]);
  expect(check('debian.nagios/usage')).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('it ended with UNKNOWN: '),
  });
});

it('runs plug-ins of node-problem-detector', async () => {
  const npd = (id: string, command: string[]) => execOf(id, command, { dialect: 'npd', stdin: 'none' });
  const folder = checksFolder({
    'conntrack.sh': NPD_PLUGIN,
    count: '5\n',
    'full.check.yaml': npd('npd.net/full', ['/usr/bin/env', 'COUNT_FILE=count', './conntrack.sh', '5']),
    'room.check.yaml': npd('npd.net/room', ['/usr/bin/env', 'COUNT_FILE=count', './conntrack.sh', '6']),
    'unread.check.yaml': npd('npd.net/unread', ['/usr/bin/env', 'COUNT_FILE=none', './conntrack.sh', '6']),
  });
  expect(fs.existsSync(path.join(folder, 'conntrack.sh'))).toBe(true);
  const { check } = await judged(folder, ['npd.net/*'], []);
  expect(check('npd.net/full').findings).toMatchObject([
    { severity: 'warning', message: 'the table of tracked connections is full: 5' },
  ]);
  expect(check('npd.net/room').verdict).toBe('pass');
  expect(check('npd.net/unread')).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('it ended with exit code 2: none cannot be read'),
  });
});
