import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCapture } from './capture.ts';
import { readField } from './quantity.ts';
import { parseXml } from './xml.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/nvidia-smi/${name}`, import.meta.url), 'utf8');
const mib = 2 ** 20;

describe('odd outputs of nvidia-smi', () => {
  it('reads a document with bare & and < in the name of a process', async () => {
    expect(await parseXml(fixture('process-name-ampersand.xml'))).toMatchObject([
      {
        readings: { utilPercent: 42, processCount: 1 },
        processes: [{ pid: 10, name: '/opt/r&d/python -c "x<3"', usedMemoryBytes: 100 * mib }],
      },
    ]);
  });

  it.each([
    ['a&amp;b &lt;c&gt; &#38; &#x26;', 'a&b <c> & &'],
    ['a && b &nbsp; &amp', 'a && b &nbsp; &amp'],
    ['<script>alert(1)</script><!-- x', '<script>alert(1)</script><!-- x'],
  ])('reads the process name %j as %j', async (name, read) => {
    const document = fixture('process-name-ampersand.xml').replace(
      /<process_name>.*<\/process_name>/,
      () => `<process_name>${name}</process_name>`,
    );

    expect((await parseXml(document))[0]?.processes?.[0]?.name).toBe(read);
  });

  it('reads a bare & outside of process names', async () => {
    const document = fixture('process-name-ampersand.xml').replace('NVIDIA X', 'NVIDIA R&D');

    expect((await parseXml(document))[0]?.device.model).toBe('NVIDIA R&D');
  });

  it('takes 0 °C of memory beside a warm GPU for a sensor that is not there', async () => {
    const [gpu] = await parseXml(fixture('memory-temperature-zero.xml'));

    expect(gpu?.readings.temperatureCelsius).toBe(60);
    expect(gpu?.readings).not.toHaveProperty('memoryTemperatureCelsius');
    expect(gpu?.missing.memoryTemperatureCelsius).toBe('not_supported');
    const cold = fixture('memory-temperature-zero.xml').replace('60 C', '3 C');
    expect((await parseXml(cold))[0]?.readings.memoryTemperatureCelsius).toBe(0);
  });

  it('does not believe the number at which a text was cut', async () => {
    const text = fixture('text-cut.txt');
    const [gpu] = await parseCapture(text);

    expect(gpu?.readings).toMatchObject({
      memoryUsedBytes: 2 * mib,
      memoryTotalBytes: 81559 * mib,
    });
    expect(gpu?.readings).not.toHaveProperty('memoryFreeBytes');
    // With its unit the number is whole only if the line is.
    const [unfinished] = await parseCapture(`${text} MiB`);
    expect(unfinished?.readings).not.toHaveProperty('memoryFreeBytes');
    // A line of text whose end was lost in the middle of the file.
    const [joined] = await parseCapture(`${text}\n`);
    expect(joined?.readings).not.toHaveProperty('memoryFreeBytes');
  });

  it('reads a number without its unit only where the form prints none', () => {
    expect(readField('81', 'memory', { unit: 'required' }).kind).toBe('missing');
    expect(readField('81', 'memory')).toEqual({ kind: 'value', value: 81 * mib });
    expect(readField('8', 'count', { unit: 'required' })).toEqual({ kind: 'value', value: 8 });
  });

  it('says that the driver does not support the card', async () => {
    await expect(parseCapture(fixture('no-supported-gpus.txt'))).rejects.toMatchObject({
      code: 'no_gpu',
      hint: expect.stringContaining('does not support'),
    });
  });
});
