import { timecode } from '../../../../../shared/domain/timecode.ts';
import { rulerSteps } from '../ruler-steps.ts';
import type { Paint } from './paint.ts';

/** Ticks and times; "7 s" is enough where whole seconds are labelled. */
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
    if (labelled) context.fillText(shortTime(index * tick, label), x + 4, top + height / 2 - 1);
  }
  context.globalAlpha = 0.6;
  context.stroke();
  context.globalAlpha = 1;
}

function shortTime(seconds: number, step: number): string {
  const text = timecode(seconds + 1e-9);
  const tenths = step * 10;
  if (Math.abs(tenths - Math.round(tenths)) > 1e-6) return text; // single frames
  return step >= 1 ? text.slice(0, -4) : text.slice(0, -2);
}
