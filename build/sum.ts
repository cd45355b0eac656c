/** Fletcher's sums over words: what is damaged, cut off or in another order has others. The length is divisible by 4. */
export function sumOf(bytes: Buffer): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let first = 0;
  let second = 0;
  for (let i = 0; i < words.length; i++) {
    first = (first + (words[i] as number)) | 0;
    second = (second + first) | 0;
  }
  return first ^ Math.imul(second, 31);
}
