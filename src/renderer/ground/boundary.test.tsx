import { isValidElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, expect, test } from 'vitest';
import type { WindowFault } from '../../shared/contract/fault.ts';
import { Boundary } from './boundary.tsx';
import { deliverFaults } from './faults.ts';

/** A boundary as React drives it, without a page. */
function bounded(resetOn: string) {
  const props = {
    where: 'viewer',
    resetOn,
    children: <p>the picture</p>,
    failed: (error: unknown) => <p>{String(error)}</p>,
  };
  const boundary = new Boundary(props);
  boundary.setState = (change) => void Object.assign(boundary.state, change);
  return {
    fail: (error: unknown) => {
      Object.assign(boundary.state, Boundary.getDerivedStateFromError(error));
      boundary.componentDidCatch(error);
    },
    now: (next = resetOn) => {
      const state = Boundary.getDerivedStateFromProps({ ...props, resetOn: next }, boundary.state);
      return text((boundary.state = state ?? boundary.state) && boundary.render());
    },
    retry: boundary.retry,
  };
}
const text = (node: ReactNode): string => (isValidElement(node) ? renderToStaticMarkup(node) : '');

afterEach(() => {
  deliverFaults(async () => undefined); // what still waits
  deliverFaults(null);
});

test('what fails is replaced, and comes back when it is tried again', () => {
  const boundary = bounded('source');
  expect(boundary.now()).toBe('<p>the picture</p>');
  boundary.fail(new Error('no canvas'));
  expect(boundary.now()).toBe('<p>Error: no canvas</p>');
  boundary.retry();
  expect(boundary.now()).toBe('<p>the picture</p>');
});

test('another step tries it again by itself; the same one does not', () => {
  const boundary = bounded('source');
  boundary.fail(undefined); // anything can be thrown
  expect(boundary.now('source')).toBe('<p>undefined</p>');
  expect(boundary.now('train')).toBe('<p>the picture</p>');
});

test('a fault is told to the core, and waits while there is no line', () => {
  const told: WindowFault[] = [];
  bounded('source').fail(new TypeError('no canvas'));
  expect(told).toEqual([]);
  deliverFaults(async (fault) => told.push(fault));
  expect(told.map(({ where, message }) => [where, message])).toEqual([['viewer', 'TypeError: no canvas']]);
  bounded('source').fail(new Error('again'));
  expect(told).toHaveLength(2);
});
