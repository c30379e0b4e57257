import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';

const build = resolve(import.meta.dirname, '..', '..', 'build');
const read = (...path: string[]): Buffer => readFileSync(join(build, ...path));
const width = (png: Buffer): number => {
  const picture = PNG.sync.read(png);
  expect(picture.width).toBe(picture.height);
  return picture.width;
};

test("Windows' icon holds a whole picture of every size it names", () => {
  const file = read('icon.ico');
  const sizes = Array.from({ length: file.readUInt16LE(4) }, (_, place) => {
    const entry = file.subarray(6 + 16 * place, 22 + 16 * place);
    const start = entry.readUInt32LE(12);
    expect(width(file.subarray(start, start + entry.readUInt32LE(8)))).toBe(entry[0] || 256);
    return entry[0] || 256;
  });
  expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);
});

test("macOS' icon holds a whole picture under every name", () => {
  const file = read('icon.icns');
  expect([file.toString('latin1', 0, 4), file.readUInt32BE(4)]).toEqual(['icns', file.length]);
  const found: Record<string, number> = {};
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4))
    found[file.toString('latin1', at, at + 4)] = width(file.subarray(at + 8, at + file.readUInt32BE(at + 4)));
  expect(found).toEqual({
    icp4: 16,
    icp5: 32,
    ic11: 32,
    ic12: 64,
    ic07: 128,
    ic08: 256,
    ic13: 256,
    ic09: 512,
    ic14: 512,
    ic10: 1024,
  });
});

test("Linux' icons are named by their size", () => {
  expect(width(read('icon.png'))).toBe(1024);
  for (const name of readdirSync(join(build, 'icons')))
    expect(`${width(read('icons', name))}`).toBe(name.split('x')[0]);
  expect(readdirSync(join(build, 'icons'))).toHaveLength(8);
});
