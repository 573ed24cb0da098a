import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { pauseImage } from '../../src/native/pause-image.ts';
import { folder, pause } from './native.ts';

const REFERENCE = 'registry.example/podctl/pause:1';

it('packs the same image every time, in a form that tar can read', () => {
  const program = fs.readFileSync(pause);
  const archive = pauseImage(program, REFERENCE);
  expect(pauseImage(program, REFERENCE).equals(archive)).toBe(true);
  expect(archive.length).toBeLessThan(16 * 1024);

  const at = folder();
  execFileSync('tar', ['-xf', '-', '-C', at], { input: archive });
  const json = (file: string) => JSON.parse(fs.readFileSync(path.join(at, file), 'utf8'));
  const blob = (digest: string) => `blobs/${digest.replace(':', '/')}`;
  expect(json('oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
  const [entry] = json('index.json').manifests;
  expect(Object.values(entry.annotations)).toEqual([REFERENCE, REFERENCE]);
  const manifest = json(blob(entry.digest));
  expect(json(blob(manifest.config.digest)).config).toMatchObject({
    Entrypoint: ['/pause'],
    User: '65535:65535',
  });
  execFileSync('tar', ['-xf', path.join(at, blob(manifest.layers[0].digest)), '-C', at]);
  expect(fs.readFileSync(path.join(at, 'pause')).equals(program)).toBe(true);
  expect(fs.statSync(path.join(at, 'pause')).mode & 0o777).toBe(0o555);
});

it('names the architecture of the program, not of the machine', () => {
  const program = Buffer.from(fs.readFileSync(pause));
  program.writeUInt16LE(183, 18);
  expect(pauseImage(program, REFERENCE).toString('latin1')).toContain('"architecture":"arm64"');
  program.writeUInt16LE(40, 18);
  expect(() => pauseImage(program, REFERENCE)).toThrow('no program for x86_64 or aarch64');
  expect(() => pauseImage(Buffer.from('#!/bin/sh'), REFERENCE)).toThrow('no program for');
});
