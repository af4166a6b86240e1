// What a device is doing at a moment, so that its readings agree with each other: power follows utilisation, processes' memory is part of
// used memory, energy is the integral of power.
#include "standin.h"

#include <math.h>

static double clamp(double value, double low, double high) { return value < low ? low : value > high ? high : value; }

double channel_at(int index, enum channel channel, double seconds) {
  const struct device_script *d = &script.devices[index];
  const struct wave *wave = &d->waves[channel];
  if (wave->kind != WAVE_NONE) return fmax(0, wave_at(wave, seconds));
  double util = channel_at(index, CH_UTIL, seconds);
  if (channel == CH_MEMCOPY) return util * 0.4;
  if (channel == CH_POWER) return d->power_limit_watts * (0.12 + 0.008 * clamp(util, 0, 100));
  return 0;
}

double newest_sample_time(int index) {
  double hertz = script.devices[index].ring_hertz;
  return floor(now_seconds() * hertz) / hertz;
}

double memory_used_mib(int index) {
  const struct device_script *d = &script.devices[index];
  double used = d->reserved_mib + channel_at(index, CH_MEMUSED, now_seconds());
  for (int i = 0; i < script.process_count; i++)
    if (script.processes[i].device == index && script.processes[i].mib > 0) used += script.processes[i].mib;
  return clamp(used, 0, d->memory_mib);
}

double energy_joules(struct device *device) {
  double step = 1 / script.devices[device->index].ring_hertz, now = now_seconds();
  while (device->energy_until < now) {
    double length = fmin(step, now - device->energy_until);
    device->energy_joules += length * channel_at(device->index, CH_POWER, device->energy_until + length / 2);
    device->energy_until += length;
  }
  return device->energy_joules;
}
