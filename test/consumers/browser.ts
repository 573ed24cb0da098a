import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Program, program } from './program.ts';

const DEBIANS = { name: 'chromium', suite: 'bookworm', packages: ['chromium'] };
/** It must neither ask anybody anything nor need what a container lacks. */
const QUIET = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A page that is open, and what came of it. */
export interface Opened {
  page: Page;
  /** What the console said, dialogs, and errors of scripts. */
  said: string[];
  /** Addresses of everything that was asked for. */
  requests: string[];
}

export interface Browser {
  /** Opens a file; every page has a profile of its own. */
  open(file: string, options?: BrowserContextOptions): Promise<Opened>;
  end(): Promise<void>;
}

/** Debian's Chromium; the reason where it cannot be had. */
export async function findChromium(): Promise<Program | string> {
  try {
    return await program(DEBIANS, 'usr/lib/chromium/chromium');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export async function startBrowser({ file, env }: Program): Promise<Browser> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-chromium-'));
  const browser = await chromium.launch({
    executablePath: file,
    env: { PATH: process.env.PATH ?? '', HOME: home, ...env },
    args: QUIET,
  });
  return {
    async open(target, options = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const said: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      page.on('dialog', (dialog) => {
        said.push(dialog.message());
        return dialog.dismiss();
      });
      context.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(target).href);
      return { page, said, requests };
    },
    async end() {
      await browser.close();
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
}
