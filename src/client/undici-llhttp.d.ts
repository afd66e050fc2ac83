/**
 * llhttp, the HTTP parser of Node, as undici compiles it to WebAssembly: the bytes of the module. The package has no
 * `exports` map and its version is pinned.
 */
declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  const bytes: Uint8Array;
  export default bytes;
}

/** As much as is used here: Node has it, but the types of Node leave it to those of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, (...values: number[]) => number>>);
    readonly exports: unknown;
  }
}
