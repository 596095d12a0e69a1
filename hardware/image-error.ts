/** A site type that cannot be built: which file or port, why, and what to do. */
export class ImageError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string) {
    super(message);
    this.name = "ImageError";
    this.code = code;
    this.remedy = remedy;
  }
}
