import { partialBeside } from '../ground/settle.ts';
import { sequenceFolder } from '../media/index.ts';
import { provenancePath } from './provenance.ts';

/** Captions that are being drawn into the pictures. */
export const drawnCaptions = (outPath: string): string => partialBeside(`${outPath}.ass`);

/** What is beside an export while it is made. */
export function partialsOf(outPath: string): string[] {
  const signed = `${partialBeside(outPath)}.signed`; // as the trainer calls it
  return [
    ...[outPath, provenancePath(outPath)].map(partialBeside),
    sequenceFolder(outPath),
    signed,
    drawnCaptions(outPath),
  ];
}
