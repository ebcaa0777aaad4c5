// QR codes.
import { toBuffer } from "qrcode";

/** A PNG that shows the text. */
export function pictureOf(text: string): Promise<Buffer> {
  return toBuffer(text, { type: "png", errorCorrectionLevel: "L" });
}
