import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLabels, type Label } from './labels.ts';

/** The labels of a folder; a series that no label names is there with nothing known of it. @throws {Error} with what is missing, for people */
export function readFolder(folder: string): Label[] {
  const labelFile = join(folder, 'labels.csv');
  const labels = existsSync(labelFile) ? parseLabels(readFileSync(labelFile, 'utf8')) : [];
  const named = new Set(labels.map(({ file }) => file));
  const series = globSync('series/*.csv', { cwd: folder }).sort();
  if (series.length === 0 && labels.length === 0) {
    throw new Error(
      `${folder} has neither series/*.csv nor labels.csv: give the folder that holds them`,
    );
  }
  const unlabelled = series.filter((file) => !named.has(file));
  return [...labels, ...unlabelled.map(unknownLabel)];
}

function unknownLabel(file: string): Label {
  return {
    file,
    repository: '',
    job: '',
    samplingSeconds: Number.NaN,
    segments: [],
    otherPeriodsSeconds: [],
  };
}
