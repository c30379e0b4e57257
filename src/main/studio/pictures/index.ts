/** The source as pictures that every window can show: one JPEG a frame, in one file, with an index beside it. */
export { makePictures } from './make-pictures.ts';
export { arePicturesMade, type Pictures, readPictures } from './picture-index.ts';
