import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { socketPath, socketState } from '../../src/collect/socket-state.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { listenAt, plant, temporaryFolder } from '../support/node-tree.ts';

test.each([
  ['unix:///run/a.sock', '/run/a.sock'],
  ['unix:/run/a.sock', '/run/a.sock'],
  ['/run/a.sock', '/run/a.sock'],
  ['unix://run/a.sock', null],
  ['tcp://1.2.3.4:5', null],
  ['run/a.sock', null],
  ['', null],
])('%j is at %j', (endpoint, socket) => {
  expect(socketPath(endpoint)).toBe(socket);
});

test('what is at a path, on this machine and below a root', async () => {
  const root = temporaryFolder();
  plant(root, { '/run/file': '' });
  await listenAt(path.join(root, '/run/s'));
  fs.symlinkSync('/run/s', path.join(root, '/run/absolute'));
  fs.symlinkSync('/nowhere', path.join(root, '/run/dangling'));
  fs.symlinkSync('/run', path.join(root, '/var'));
  const below = createReadHost(root);
  const states = ['s', 'absolute', 'dangling', 'file', 'none', 'file/x'].map((name) =>
    socketState(below, `/run/${name}`),
  );
  expect(states).toEqual(['socket', 'socket', 'missing', 'not-a-socket', 'missing', 'missing']);
  expect(socketState(below, '/var/s')).toBe('socket');
  expect(socketState(below, '/run')).toBe('not-a-socket');
  expect(socketState(createReadHost(), path.join(root, '/run/s'))).toBe('socket');
});
