/** The page for programs that film the live picture: that, on nothing. */
import { decodeLivePicture } from '../../shared/contract/live.ts';
import { browser } from '../ground/host/browser.ts';
import { LastingLine } from './lasting-line.ts';
import { putPicture } from './picture-canvas.ts';

const canvas = document.querySelector('canvas')!;
const nothing = () => undefined;
const line = new LastingLine((events) => browser.openLive(events), {
  opened: () => line.worked(),
  message: (message) => {
    if (typeof message !== 'string') putPicture(canvas, decodeLivePicture(message));
    else canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height); // it may not be shown any more
  },
  lost: nothing,
});
line.open();
