declare module 'jq-web' {
  /** Resolves when the WebAssembly module is ready. */
  const jq: Promise<{
    /** Runs jq over a JSON text and returns its stdout. Throws an Error with `stderr` when jq fails. */
    raw(json: string, filter: string, flags?: string[]): string;
  }>;
  export = jq;
}

declare namespace WebAssembly {
  /** Memory of a module, which grows by pages of 64 KiB. */
  const Memory: { readonly prototype: { readonly buffer: ArrayBuffer; grow(pages: number): number } };
}
