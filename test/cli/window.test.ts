import { expect, test } from 'vitest';
import { Window } from '../../src/cli/window.ts';

const soon = () => new Promise(resolve => setImmediate(resolve));

test('a window that is full has room when a part of its work has ended, and is empty after the last', async () => {
  const window = new Window(100);
  const works = Array.from({ length: 100 }, () => Promise.withResolvers<void>());
  for (const work of works) {
    expect(window.isFull).toBe(false);
    window.add(work.promise);
  }
  expect(window.isFull).toBe(true);
  const seen: string[] = [];
  const room = window.room().then(() => seen.push('room'));
  for (const work of works.slice(0, 4)) work.resolve();
  await soon();
  expect(seen).toEqual([]);
  works[4]?.resolve();
  await room;
  expect(window.isFull).toBe(false);
  const empty = window.empty().then(() => seen.push('empty'));
  for (const work of works.slice(5)) work.resolve();
  await empty;
  expect(seen).toEqual(['room', 'empty']);
  await window.room();
});

test('work that failed is told to whoever waits, at once and later', async () => {
  const window = new Window(2);
  const first = Promise.withResolvers<void>();
  window.add(first.promise);
  window.add(new Promise(() => {}));
  const room = window.room();
  first.reject(new Error('broken'));
  await expect(room).rejects.toThrow('broken');
  await expect(window.empty()).rejects.toThrow('broken');
});
