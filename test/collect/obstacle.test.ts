import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { obstacleTo } from '../../src/collect/obstacle.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

function tree() {
  const root = temporaryFolder();
  plant(root, { '/srv/file': '', '/srv/folder/x': '' });
  const link = (to: string, at: string) => fs.symlinkSync(to, path.join(root, at));
  link('/srv/folder', 'srv/to-folder');
  link('/srv/file', 'srv/to-file');
  link('/gone', 'srv/to-nowhere');
  link('/srv/circle', 'srv/circle');
  return createReadHost(root);
}

test.each([
  ['/srv/folder', null],
  ['/srv/folder/new/net', null],
  ['/new/net', null],
  ['/srv/to-folder', null],
  ['/srv/to-folder/net', null],
  ['/srv/file', { path: '/srv/file', what: 'file' }],
  ['/srv/file/cni/net', { path: '/srv/file', what: 'file' }],
  ['/srv/to-nowhere', { path: '/srv/to-nowhere', what: 'link' }],
  ['/srv/to-nowhere/net', { path: '/srv/to-nowhere', what: 'link' }],
  ['/srv/to-file', { path: '/srv/to-file', what: 'link' }],
])('%s', (folder, found) => {
  expect(obstacleTo(tree(), folder)).toEqual(found);
});

test('a link in circles is no obstacle that could be named, and no crash', () => {
  expect(obstacleTo(tree(), '/srv/circle')).toBeNull();
});
