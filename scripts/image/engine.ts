import type { EngineName } from './options.ts';

export interface ImageBuild {
  /** Folder of the build context. */
  readonly context: string;
  /** Dockerfile, absolute. */
  readonly file: string;
  readonly tag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Files that the build may read and that end up in no layer, by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Seconds since 1970 for everything in the image that has a date. */
  readonly sourceDate: number;
}

/** What builds images here. */
export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  /** Fetches an image from its registry. @throws with the reason */
  pull(image: string): Promise<void>;
  build(build: ImageBuild): Promise<void>;
  /** Writes a docker-archive with the image under its tag. */
  save(tag: string, archive: string): Promise<void>;
}
