/** A picture of an icon: as wide as high, as a PNG file's bytes. */
export interface Picture {
  readonly size: number;
  readonly png: Buffer;
}

/** Windows' container: a directory of 16 bytes a picture, then the PNG files. */
export function ico(pictures: readonly Picture[]): Buffer {
  const directory = Buffer.alloc(6 + 16 * pictures.length);
  directory.writeUInt16LE(1, 2); // an icon, no cursor
  directory.writeUInt16LE(pictures.length, 4);
  let offset = directory.length;
  pictures.forEach(({ size, png }, place) => {
    const entry = 6 + 16 * place;
    directory.writeUInt8(size % 256, entry); // 0 says 256
    directory.writeUInt8(size % 256, entry + 1);
    directory.writeUInt16LE(1, entry + 4); // planes
    directory.writeUInt16LE(32, entry + 6); // bits a pixel
    directory.writeUInt32LE(png.length, entry + 8);
    directory.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([directory, ...pictures.map(({ png }) => png)]);
}

/** What macOS calls each size in pixels; where there are two names, the second is for a screen of twice the density. */
const ICNS_TYPES: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** macOS's container: type, length (both of its eight bytes included), PNG file. */
export function icns(pictures: readonly Picture[]): Buffer {
  const parts = pictures.flatMap(({ size, png }) => (ICNS_TYPES[size] ?? []).map((type) => part(type, png)));
  return part('icns', Buffer.concat(parts));
}

function part(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([head, content]);
}
