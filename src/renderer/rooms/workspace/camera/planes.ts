/** Luma and chroma of RGBA [height,width,4] into `planes`: BT.601 of full range, chroma at half the size. */
export function writePlanes(rgba: Uint8ClampedArray, width: number, height: number, planes: Uint8Array): void {
  const half = width / 2;
  const [u0, v0] = [width * height, width * height + (half * height) / 2];
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let [red, green, blue] = [0, 0, 0];
      for (const at of [y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1]) {
        const [r, g, b] = [rgba[at * 4]!, rgba[at * 4 + 1]!, rgba[at * 4 + 2]!];
        planes[at] = 0.299 * r + 0.587 * g + 0.114 * b + 0.5;
        red += r / 4;
        green += g / 4;
        blue += b / 4;
      }
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      const chroma = (y / 2) * half + x / 2;
      planes[u0 + chroma] = Math.min(255, 128.5 + (blue - luma) / 1.772);
      planes[v0 + chroma] = Math.min(255, 128.5 + (red - luma) / 1.402);
    }
  }
}
