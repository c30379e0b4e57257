import { clockTime, timecode } from '../../../../../shared/domain/timecode.ts';
import { rulerSteps } from '../ruler-steps.ts';
import type { Paint } from './paint.ts';

/** Ticks and times: of frames, where less than a second lies between them. */
export function drawRuler({ context, view, colours, top, width, height }: Paint, fps: number): void {
  const { label, tick } = rulerSteps(view.window.pixelsPerSecond, fps);
  const perLabel = Math.round(label / tick);
  context.font = '11px Inter, system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.fillStyle = colours.text;
  context.strokeStyle = colours.text;
  context.lineWidth = 1;
  context.beginPath();
  for (let index = Math.floor(view.window.from / tick); index * tick <= view.seconds(width); index++) {
    const x = Math.round(view.x(index * tick)) + 0.5;
    const labelled = index % perLabel === 0;
    context.moveTo(x, top + height);
    context.lineTo(x, top + height - (labelled ? 8 : 4));
    if (!labelled) continue;
    const text = label >= 1 ? clockTime(index * tick) : timecode(index * tick, fps);
    // One that the edge would cut says another time.
    if (x + 4 + context.measureText(text).width <= width) context.fillText(text, x + 4, top + height / 2 - 1);
  }
  context.globalAlpha = 0.6;
  context.stroke();
  context.globalAlpha = 1;
}
