import { partialBeside } from '../ground/settle.ts';
import { sequenceFolder } from '../media/index.ts';
import { provenancePath } from './provenance.ts';

/** What is beside an export while it is made. */
export function partialsOf(outPath: string): string[] {
  return [...[outPath, provenancePath(outPath)].map(partialBeside), sequenceFolder(outPath)];
}
