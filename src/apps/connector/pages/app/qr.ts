// A QR code in a picture, read in the browser; the picture goes nowhere.

interface Found {
  readonly data: string;
}

declare global {
  interface Window {
    jsQR?: (pixels: Uint8ClampedArray, width: number, height: number) => Found | null;
  }
}

/** The text of the QR code in the picture; undefined when none is found. */
export async function textInPicture(file: Blob): Promise<string | undefined> {
  const [read, picture] = [await reader(), await createImageBitmap(file)];
  for (const side of sides) {
    const { data, width, height } = pixelsOf(picture, side);
    const found = read(data, width, height);
    if (found !== null) return found.data;
  }
  return undefined;
}

/** Photographs are large and soft: a smaller copy is often read when the larger one is not. */
const sides: readonly number[] = [1200, 600, 2400];
const quietZone = 24;

function pixelsOf(picture: ImageBitmap, side: number): ImageData {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale) + 2 * quietZone;
  canvas.height = Math.round(picture.height * scale) + 2 * quietZone;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot look into pictures.");
  // Screenshots are often cut at the very edge of the code, and transparent ones would be black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, quietZone, quietZone, canvas.width - 2 * quietZone, canvas.height - 2 * quietZone);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Loaded when the first picture is chosen: most people never need it. */
async function reader(): Promise<NonNullable<Window["jsQR"]>> {
  if (window.jsQR === undefined) {
    await new Promise<void>((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "app/jsqr.js";
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => reject(new Error("The reader of QR codes did not load.")));
      document.head.append(script);
    });
  }
  if (window.jsQR === undefined) throw new Error("The reader of QR codes did not load.");
  return window.jsQR;
}
