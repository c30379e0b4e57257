/** What a file says of itself where ffmpeg has no place for it. */
import { type FileHandle, open } from 'node:fs/promises';
import type { FilmFormat } from '../../../shared/domain/film/index.ts';

type Marks = Readonly<Record<string, string>>;

/** One a line, by name. */
export function marksInWords(marks: Marks): string {
  return Object.entries(marks)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** Writes them into a finished GIF or WebP; files of other formats have them from ffmpeg, and are left as they are. */
export async function mark(path: string, format: FilmFormat, marks: Marks): Promise<void> {
  if ((format !== 'gif' && format !== 'webp') || Object.keys(marks).length === 0) return;
  const file = await open(path, 'r+');
  try {
    await (format === 'gif' ? markGif(file, marks) : markWebp(file, marks));
  } finally {
    await file.close();
  }
}

/** A comment (GIF89a, 24) in the place of the last byte, which ends the file. */
async function markGif(file: FileHandle, marks: Marks): Promise<void> {
  const { size } = await file.stat();
  const text = Buffer.from(marksInWords(marks), 'utf8');
  const blocks: Buffer[] = [];
  for (let at = 0; at < text.length; at += 255) {
    const part = text.subarray(at, at + 255);
    blocks.push(Buffer.of(part.length), part);
  }
  const comment = Buffer.concat([Buffer.of(0x21, 0xfe), ...blocks, Buffer.of(0, 0x3b)]);
  await file.write(comment, 0, comment.length, size - 1);
}

/** Of the extended header's flags: there is XMP. */
const XMP_FLAG = 0x04;
const FLAGS_AT = 20;

/** XMP behind everything else (WebP, "Metadata"). An animation has the extended header already. */
async function markWebp(file: FileHandle, marks: Marks): Promise<void> {
  const { size } = await file.stat();
  const xmp = Buffer.from(xmpOf(marks), 'utf8');
  const head = Buffer.alloc(8);
  head.write('XMP ', 'latin1');
  head.writeUInt32LE(xmp.length, 4);
  const chunk = Buffer.concat([head, xmp, Buffer.alloc(xmp.length % 2)]);
  await file.write(chunk, 0, chunk.length, size);
  const begin = Buffer.alloc(FLAGS_AT + 1);
  await file.read(begin, 0, begin.length, 0);
  begin.writeUInt32LE(size + chunk.length - 8, 4);
  begin[FLAGS_AT] = begin[FLAGS_AT]! | XMP_FLAG;
  await file.write(begin, 0, begin.length, 0);
}

/** As IPTC has it: the digital source type under its own name, the rest as the description. */
function xmpOf(marks: Marks): string {
  const { digitalSourceType } = marks;
  const type = digitalSourceType
    ? ` xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"` +
      ` Iptc4xmpExt:DigitalSourceType="${escaped(digitalSourceType)}"`
    : '';
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"${type}>` +
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(marksInWords(marks))}</rdf:li></rdf:Alt>` +
    '</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>'
  );
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter]!);
