// Offsets. The service counts Unicode code points, JavaScript strings count UTF-16 units.

/** @returns slice(offset, length) in code points; what lies outside the text is cut off */
export function slicer(text) {
  const starts = new Uint32Array(text.length + 1);
  let count = 0;
  for (let at = 0; at < text.length; at += text.codePointAt(at) > 0xffff ? 2 : 1) starts[count++] = at;
  starts.fill(text.length, count);
  const place = (offset) => starts[Math.min(Math.max(offset, 0), count)];
  const slice = (offset, length) => text.slice(place(offset), place(offset + length));
  slice.count = count;
  return slice;
}
