import { setFlagsFromString } from 'node:v8';

/**
 * Node 24 and older end now and then where several threads let go of WebAssembly code that a better one has replaced
 * ("Check failed: jit_page.has_value()", nodejs/node#64500). Node's own reader of TypeScript is such code, and so are
 * the kernels; what they leave behind is small, so it is kept. The switch is the whole process's: this is imported
 * wherever threads are begun. Electron's switches cannot be changed once it runs.
 */
if (!process.versions.electron) setFlagsFromString('--no-wasm-code-gc');
