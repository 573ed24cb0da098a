#!/usr/bin/env node
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { readTrusted, writeTrusted } from './launcher/compile-cache.ts';

/** From the build: a hash of the bundle. V8 itself compares nothing but its length. */
declare const BUNDLE_HASH: string;

const USAGE_ERROR = 2;
/** Its first runs add what they had to compile to what is there, and later one run in so many. */
const EARLY = 4;
const REFRESH = 64;

/**
 * Runs the bundle beside this file, from the code that V8 compiled in earlier runs: compiling is most of what a
 * short command costs. What a command needs differs, so each has a cache of its own.
 */
function launch(): void {
  const bundle = path.join(__dirname, 'main.js');
  const source = fs.readFileSync(bundle, 'latin1');
  const owner = fs.statSync(bundle).uid;
  const [, , command, verb] = process.argv;
  const words = command === 'sandbox' ? [command, verb] : [command];
  const name = [
    ...words.map(plainWord),
    BUNDLE_HASH,
    process.version,
    process.versions.v8,
    process.arch,
  ].join('-');
  const cache = path.join(__dirname, '.cache', name);
  // The last byte counts the runs that wrote it.
  const stored = readTrusted(cache, owner);
  const cachedData = stored?.subarray(0, -1);
  const writes = stored?.at(-1) ?? 0;
  const script = new vm.Script(source, { filename: bundle, ...(cachedData && { cachedData }) });
  const run = script.runInThisContext() as (load: (name: string) => unknown, file: string) => void;
  if (
    cachedData !== undefined &&
    !script.cachedDataRejected &&
    writes >= EARLY &&
    process.pid % REFRESH !== 0
  ) {
    run(requireForShort, bundle);
    return;
  }
  process.once('exit', (code) => {
    const content = () => Buffer.concat([script.createCachedData(), Buffer.of(Math.min(writes + 1, EARLY))]);
    if (code !== USAGE_ERROR) writeTrusted(cache, owner, content);
  });
  run(require, bundle);
}

function plainWord(word: string | undefined): string {
  return /^_*[a-z]+$/.exec(word ?? '')?.[0] ?? 'none';
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
