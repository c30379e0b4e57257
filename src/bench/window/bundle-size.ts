import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { WindowSpeed } from './speed.ts';

/** What the page itself names is fetched at once, the rest when it is wanted. */
export function bundleSize(windowDir: string): WindowSpeed['bundle'] {
  const page = readFileSync(join(windowDir, 'index.html'), 'utf8');
  const named = new Set([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => basename(address!)));
  const assets = join(windowDir, 'assets');
  const names = existsSync(assets) ? readdirSync(assets) : [];
  const weigh = (chosen: readonly string[]) => {
    const files = chosen.map((name) => readFileSync(join(assets, name)));
    return {
      bytes: files.reduce((sum, { length }) => sum + length, 0),
      gzipBytes: files.reduce((sum, file) => sum + gzipSync(file).length, 0),
    };
  };
  return {
    main: weigh(names.filter((name) => named.has(name) && name.endsWith('.js'))),
    styles: weigh(names.filter((name) => named.has(name) && name.endsWith('.css'))),
    lazy: weigh(names.filter((name) => !named.has(name))),
  };
}
