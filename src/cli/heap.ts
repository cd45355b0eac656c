let kept = false;

/**
 * Has V8 collect its garbage when the heap is twice what was needed the last time, and not four times. For a run of more
 * users than are open at a time: a small one is over before the heap has grown.
 */
export async function keepHeapSmall(): Promise<void> {
  if (kept) return;
  kept = true;
  const { setFlagsFromString } = await import('node:v8');
  // Of the flags that V8 looks at again each time. Given at the start it would make compiled code invalid that is kept.
  setFlagsFromString('--heap-growing-percent=100');
}
