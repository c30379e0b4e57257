import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'range-parser';
import type { Located } from './locate.ts';

/** What the window is built of. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
};

/** What range-parser says of a range that is well formed and begins behind the end. */
const UNSATISFIABLE = 2;

/**
 * What to send for a file or a slice of one: status and headers, and which of the file's bytes (first and last, both
 * included) follow.
 */
export interface FileAnswer {
  readonly status: 200 | 206 | 404 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes?: { readonly start: number; readonly end: number };
}

/** All of it, or the part that a Range header asks for (206), so that a video element can seek. */
export async function answerWith(
  { file, slice, type, download, cache }: Located,
  request: { readonly range: string | null | undefined; readonly method: string },
): Promise<FileAnswer> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return { status: 404, headers: {} };
  const offset = slice?.start ?? 0;
  const size = slice ? slice.end + 1 - slice.start : found.size;
  if (offset + size > found.size) return { status: 404, headers: {} };
  const range = parseRange(request.range, size);
  if (range === 'unsatisfiable') return { status: 416, headers: { 'Content-Range': `bytes */${size}` } };
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const headers: Record<string, string> = {
    'Content-Type': type ?? TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': String(end - start + 1),
    'Accept-Ranges': 'bytes',
    'Cache-Control': cache,
    ...(download
      ? { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(path.basename(file))}` }
      : {}),
    ...(range ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {}),
  };
  const empty = request.method === 'HEAD' || size === 0;
  return {
    status: range ? 206 : 200,
    headers,
    ...(empty ? {} : { bytes: { start: offset + start, end: offset + end } }),
  };
}

/**
 * The bytes of a `Range` header (RFC 9110, 14.2; one range only), undefined when there is none to honour: several, or
 * one that makes no sense.
 */
export function parseRange(
  header: string | null | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  if (header == null) return undefined;
  const { code, type, ranges } = parse(size, header.trim());
  if (type !== 'bytes') return undefined;
  if (code === UNSATISFIABLE && ranges.length === 0) return 'unsatisfiable';
  return code === 0 && ranges.length === 1 ? ranges[0] : undefined;
}
