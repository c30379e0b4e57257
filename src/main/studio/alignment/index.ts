/** When the words of a text are said in a recording of it. */
export { align, type AlignStage } from './align.ts';
