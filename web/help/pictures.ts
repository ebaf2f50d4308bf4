import { readdirSync, readFileSync } from 'node:fs';

export type Picture = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
};

const SIGNATURE = '\x89PNG\r\n\x1a\n';

/** The pictures of the manual, by the name of their file. */
export function readPictures(folder: URL): ReadonlyMap<string, Picture> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.png'));
  return new Map(files.map((file) => [file, pictureIn(readFileSync(new URL(file, folder)), file)]));
}

/** Its size stands at the beginning: RFC 2083, section 4.1.1. */
function pictureIn(png: Buffer, file: string): Picture {
  if (png.toString('latin1', 0, 8) !== SIGNATURE) throw new Error(`${file} is no PNG`);
  return { bytes: new Uint8Array(png), width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
