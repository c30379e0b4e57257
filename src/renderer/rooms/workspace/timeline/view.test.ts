import { expect, test, vi } from 'vitest';
import { rulerSteps } from './ruler-steps.ts';
import { TimelineView } from './view.ts';

function open(): TimelineView {
  const view = new TimelineView();
  view.setWidth(1000);
  view.setDuration(100 / 1.04); // with the room behind it, 100 seconds
  return view;
}

test('all of the timeline is on screen until it is zoomed, also when it or the window changes', () => {
  const view = open();
  expect(view.window).toMatchObject({ from: 0, pixelsPerSecond: expect.closeTo(10, 9) });
  view.setWidth(500);
  expect(view.window.pixelsPerSecond).toBeCloseTo(5, 9);
  view.setDuration(50 / 1.04);
  expect(view.window.pixelsPerSecond).toBeCloseTo(10, 9);
});

test('what is under the pointer stays there while zooming', () => {
  const view = open();
  view.zoomBy(4, 50);
  expect([view.x(50), view.window.pixelsPerSecond]).toEqual([expect.closeTo(500, 6), expect.closeTo(40, 6)]);
  view.zoomBy(0.001, 50);
  expect(view.window.from).toBe(0); // no further out than everything
  view.zoomTo(1e9, 99);
  expect(view.window.pixelsPerSecond).toBe(2000);
});

test('the zoom slider goes from everything to the closest in equal steps', () => {
  const view = open();
  expect(view.zoom).toBe(0);
  view.setZoom(0.5, 0);
  expect(view.window.pixelsPerSecond).toBeCloseTo(Math.sqrt(10 * 2000), 6);
  expect(view.zoom).toBeCloseTo(0.5, 6);
  view.setZoom(1, 0);
  expect(view.window.pixelsPerSecond).toBe(2000);
});

test('scrolling ends at the ends, and the page turns for a playhead out of sight', () => {
  const view = open();
  view.zoomTo(100, 0); // 10 seconds on screen
  view.scrollTo(-5);
  expect(view.window.from).toBe(0);
  view.scrollTo(500);
  expect(view.window.from).toBeCloseTo(90, 6);
  view.scrollTo(20);
  view.reveal(25);
  expect(view.window.from).toBe(20);
  view.reveal(31);
  expect(view.window.from).toBeCloseTo(30.2, 6);
});

test('nobody is told of a change that is none', () => {
  const view = open();
  const listener = vi.fn<() => void>();
  view.subscribe(listener);
  view.setWidth(1000);
  view.scrollTo(0);
  expect(listener).not.toHaveBeenCalled();
});

test('the ruler labels what there is room for, down to single frames', () => {
  expect(rulerSteps(10, 25)).toEqual({ label: 10, tick: 1 });
  expect(rulerSteps(2000, 25)).toEqual({ label: 0.04, tick: 0.04 });
  const { label, tick } = rulerSteps(100, 25);
  expect([label, tick]).toEqual([1, 0.1]);
});
