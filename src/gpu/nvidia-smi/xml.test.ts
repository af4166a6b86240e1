import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../lib/errors.ts';
import { parseXml } from './xml.ts';

const wrap = (gpu: string): string =>
  `<?xml version="1.0" ?>\n<nvidia_smi_log><driver_version>1.2</driver_version><gpu id="0000:01:00.0">${gpu}</gpu></nvidia_smi_log>`;
const one = async (gpu: string) => (await parseXml(wrap(gpu)))[0];

describe('gpu/nvidia-smi/xml', () => {
  it('reads the power of older documents', async () => {
    const gpu = await one(
      '<power_readings><power_draw>9.50 W</power_draw><enforced_power_limit>75.00 W</enforced_power_limit></power_readings>',
    );

    expect(gpu?.readings).toMatchObject({ powerWatts: 9.5, powerLimitWatts: 75 });
  });

  it('reads the instant where the average power is not available, and prefers the average', async () => {
    const power = (average: string): string =>
      `<gpu_power_readings><average_power_draw>${average}</average_power_draw><instant_power_draw>33.50 W</instant_power_draw></gpu_power_readings>`;

    expect((await one(power('N/A')))?.readings.powerWatts).toBe(33.5);
    expect((await one(power('30.00 W')))?.readings.powerWatts).toBe(30);
  });

  it('keeps the address where a GPU has no UUID, and marks it as not identified', async () => {
    const gpu = await one('<uuid>N/A</uuid>');

    expect(gpu).toMatchObject({
      identified: false,
      device: { uuid: 'GPU-unknown-0000:01:00.0', pciBusId: '0000:01:00.0', driverVersion: '1.2' },
    });
  });

  it('is down when every core reading is an unknown error', async () => {
    const gpu = await one(
      `<utilization><gpu_util>Unknown Error</gpu_util></utilization>
       <fb_memory_usage><used>Unknown Error</used></fb_memory_usage>
       <temperature><gpu_temp>Unknown Error</gpu_temp></temperature>
       <power_readings><power_draw>Unknown Error</power_draw></power_readings>`,
    );

    expect(gpu?.status).toMatchObject({ up: false, reason: 'unknown_error' });
  });

  it('is lost also when a whole container has collapsed into that text', async () => {
    const gpu = await one('<utilization>GPU is lost</utilization>');

    expect(gpu).toMatchObject({ status: { up: false, reason: 'gpu_lost' }, readings: {} });
  });

  it('counts a process of several MIG instances once, and tells no processes from not saying', async () => {
    const entry = '<process_info><pid>7</pid><type>C</type></process_info>';

    expect((await one(`<processes>${entry}${entry}</processes>`))?.readings.processCount).toBe(1);
    expect((await one('<processes>\n</processes>'))?.readings.processCount).toBe(0);
    const silent = await one('<processes>N/A</processes>');
    expect(silent?.readings.processCount).toBeUndefined();
    expect(silent?.missing.processCount).toBe('not_available');
    expect(silent?.processes).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['half a document', wrap('<uuid>GPU-1</uuid>').slice(0, -20)],
    ['another root', '<html><body/></html>'],
    ['broken nesting', wrap('<uuid>GPU-1</serial>')],
    ['a name that would write into prototypes', wrap('<__proto__><a>1</a></__proto__>')],
  ])('refuses %s', async (_what, xml) => {
    await expect(parseXml(xml)).rejects.toMatchObject({ code: 'bad_output' });
  });

  it('never fails otherwise than by bad_output, whatever stands in the document', async () => {
    const element = fc.constantFrom(
      'uuid',
      'utilization',
      'gpu_util',
      'processes',
      'pci',
      'constructor',
    );
    const { node } = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.tuple(element, tie('node')).map(([name, inner]) => `<${name}>${inner}</${name}>`),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `${a}${b}`),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(node, async (text) => {
        const outcome = await parseXml(wrap(text)).catch((error: unknown) => codeOf(error));
        const values =
          typeof outcome === 'object'
            ? outcome.flatMap(({ readings }) => Object.values(readings))
            : [];
        return (
          outcome === 'bad_output' || (typeof outcome === 'object' && values.every(Number.isFinite))
        );
      }),
      { numRuns: 300 },
    );
    expect({}).not.toHaveProperty('polluted');
  });
});
