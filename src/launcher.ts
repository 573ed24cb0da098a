#!/usr/bin/env node
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { readTrusted, writeTrusted } from './launcher/compile-cache.ts';

/** From the build: a hash of the bundle. V8 itself compares nothing but its length. */
declare const BUNDLE_HASH: string;

const USAGE_ERROR = 2;
/** One run in so many adds what it had to compile to what is there. */
const REFRESH = 64;

/**
 * Runs the bundle beside this file, from the code that V8 compiled in earlier runs: compiling is most of what a
 * short command costs. What a command needs differs, so each has a cache of its own.
 */
function launch(): void {
  const bundle = path.join(__dirname, 'main.js');
  const source = fs.readFileSync(bundle, 'latin1');
  const owner = fs.statSync(bundle).uid;
  const command = /^[a-z]+$/.exec(process.argv[2] ?? '')?.[0] ?? 'none';
  const name = [command, BUNDLE_HASH, process.version, process.versions.v8, process.arch].join('-');
  const cache = path.join(__dirname, '.cache', name);
  const cachedData = readTrusted(cache, owner);
  const script = new vm.Script(source, { filename: bundle, ...(cachedData && { cachedData }) });
  const run = script.runInThisContext() as (load: (name: string) => unknown, file: string) => void;
  if (cachedData !== undefined && !script.cachedDataRejected && process.pid % REFRESH !== 0) {
    run(requireForShort, bundle);
    return;
  }
  process.once('exit', (code) => {
    if (code !== USAGE_ERROR) writeTrusted(cache, owner, () => script.createCachedData());
  });
  run(require, bundle);
}

/**
 * Whoever loads HTTP/2 is about to look at the node, and ends before optimized code has paid for its making: that
 * alone is a sixth of the CPU. Not before, and not in a run that writes a cache: compiled code, Node's own too, is
 * good under the flags of its making only.
 */
function requireForShort(name: string): unknown {
  const found: unknown = require(name);
  if (name === 'node:http2') (require('node:v8') as typeof import('node:v8')).setFlagsFromString('--no-opt');
  return found;
}

launch();
