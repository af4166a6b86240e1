// Exported calls: momentary readings, sample rings, processes.
#include "layouts.h"
#include "standin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>


#define MIB (1024.0 * 1024.0)

static const struct device_script *facts(const struct device *device) { return &script.devices[device->index]; }
static double newest(const struct device *device, enum channel channel) {
  return channel_at(device->index, channel, newest_sample_time(device->index));
}
static bool busy(const struct device *device) { return newest(device, CH_UTIL) > 0; }

API nvmlDeviceGetMemoryInfo(void *handle, struct memory_v1 *memory) {
  ENTER_DEVICE(handle);
  memory->total = (uint64_t)(facts(device)->memory_mib * MIB);
  memory->used = (uint64_t)(memory_used_mib(device->index) * MIB);
  memory->free = memory->total - memory->used;
  return leave(RC_OK);
}

API nvmlDeviceGetMemoryInfo_v2(void *handle, struct memory_v2 *memory) {
  ENTER_DEVICE(handle);
  if (memory->version != 0x2000028) return leave(RC_ARGUMENT_VERSION_MISMATCH);
  memory->total = (uint64_t)(facts(device)->memory_mib * MIB);
  memory->reserved = (uint64_t)(facts(device)->reserved_mib * MIB);
  uint64_t all = (uint64_t)(memory_used_mib(device->index) * MIB);
  memory->used = all > memory->reserved ? all - memory->reserved : 0; // v2 counts reserved memory apart
  memory->free = memory->total - memory->reserved - memory->used;
  return leave(RC_OK);
}

API nvmlDeviceGetUtilizationRates(void *handle, struct utilization *rates) {
  ENTER_DEVICE(handle);
  if (facts(device)->mig) return leave(RC_NOT_SUPPORTED);
  rates->gpu = (uint32_t)lround(newest(device, CH_UTIL));
  rates->memory = (uint32_t)lround(newest(device, CH_MEMCOPY));
  return leave(RC_OK);
}

// Ring types of the driver: 0 total power in mW, 1 utilisation, 2 memory utilisation.
API nvmlDeviceGetSamples(void *handle, int type, unsigned long long last_seen, int *value_type, unsigned *count, struct sample *samples) {
  ENTER_DEVICE(handle);
  static const enum channel channels[] = {CH_POWER, CH_UTIL, CH_MEMCOPY};
  const struct device_script *d = facts(device);
  if (type < 0 || type > 2 || d->mig || d->ring_off[channels[type]]) return leave(RC_NOT_SUPPORTED);
  if (!samples) {
    *count = (unsigned)d->ring_depth;
    return leave(RC_OK);
  }
  int64_t last = (int64_t)floor(now_seconds() * d->ring_hertz);
  unsigned found = 0;
  bool all_zero = true;
  for (int64_t k = last - d->ring_depth + 1; k <= last; k++) {
    double seconds = (double)k / d->ring_hertz;
    uint64_t stamp = stamp_us(seconds);
    if (stamp <= last_seen) continue;
    double value = channel_at(device->index, channels[type], seconds);
    all_zero = all_zero && value == 0;
    if (found < *count) samples[found] = (struct sample){stamp, {.u = (uint32_t)lround(type == 0 ? value * 1000 : value)}};
    found++;
  }
  bool too_small = found > *count;
  if (d->ring_quiet_when_idle && all_zero) return leave(RC_NOT_FOUND);
  *value_type = 1; // unsigned int
  *count = found;
  return leave(too_small ? RC_INSUFFICIENT_SIZE : found == 0 ? RC_NOT_FOUND : RC_OK);
}

#define UNSIGNED_READING(name, expression)         \
  API name(void *handle, unsigned *value) {        \
    ENTER_DEVICE(handle);                          \
    *value = (unsigned)(expression);               \
    return leave(RC_OK);                           \
  }

UNSIGNED_READING(nvmlDeviceGetPowerUsage, lround(newest(device, CH_POWER) * 1000))
UNSIGNED_READING(nvmlDeviceGetEnforcedPowerLimit, lround(facts(device)->power_limit_watts * 1000))
UNSIGNED_READING(nvmlDeviceGetFanSpeed, 30 + newest(device, CH_UTIL) / 2)
UNSIGNED_READING(nvmlDeviceGetPerformanceState, busy(device) ? 0 : 8)
UNSIGNED_READING(nvmlDeviceGetCurrPcieLinkGeneration, busy(device) ? 5 : 1)
UNSIGNED_READING(nvmlDeviceGetCurrPcieLinkWidth, 16)

API nvmlDeviceGetTemperature(void *handle, int sensor, unsigned *celsius) {
  ENTER_DEVICE(handle);
  if (sensor != 0) return leave(RC_INVALID_ARGUMENT);
  *celsius = (unsigned)lround(28 + 45 * newest(device, CH_POWER) / facts(device)->power_limit_watts);
  return leave(RC_OK);
}

API nvmlDeviceGetClockInfo(void *handle, int type, unsigned *mhz) { // 0 graphics, 1 SM, 2 memory, 3 video
  ENTER_DEVICE(handle);
  static const unsigned when_busy[] = {1980, 1980, 2619, 1545}, when_idle[] = {345, 345, 1593, 765};
  if (type < 0 || type > 3) return leave(RC_INVALID_ARGUMENT);
  if (type == 2 && !isnan(facts(device)->memory_clock_mhz)) return *mhz = (unsigned)facts(device)->memory_clock_mhz, leave(RC_OK);
  *mhz = busy(device) ? when_busy[type] : when_idle[type];
  return leave(RC_OK);
}

API nvmlDeviceGetTotalEnergyConsumption(void *handle, unsigned long long *millijoules) {
  ENTER_DEVICE(handle);
  if (facts(device)->energy_off) return leave(RC_NOT_SUPPORTED);
  *millijoules = (unsigned long long)(energy_joules(device) * 1000);
  return leave(RC_OK);
}

API nvmlDeviceGetEncoderUtilization(void *handle, unsigned *percent, unsigned *period_us) {
  ENTER_DEVICE(handle);
  *percent = 0, *period_us = 167000;
  return leave(RC_OK);
}

API nvmlDeviceGetDecoderUtilization(void *handle, unsigned *percent, unsigned *period_us) {
  ENTER_DEVICE(handle);
  *percent = 0, *period_us = 167000;
  return leave(RC_OK);
}

API nvmlDeviceGetFieldValues(void *handle, int count, struct field_value *fields) {
  ENTER_DEVICE(handle);
  for (int i = 0; i < count; i++) {
    fields[i].code = RC_OK;
    fields[i].value_type = 1;
    if (fields[i].field == 82 && !isnan(facts(device)->memory_celsius)) fields[i].value.u = (uint32_t)lround(facts(device)->memory_celsius);
    else if (fields[i].field == 82) fields[i].value.u = (uint32_t)lround(34 + 45 * newest(device, CH_POWER) / facts(device)->power_limit_watts);
    else if (fields[i].field == 94) fields[i].value.u = (uint32_t)device->index; // replays: the index, to tell devices apart
    else fields[i].code = RC_NOT_SUPPORTED;
  }
  return leave(RC_OK);
}

// ---- processes: rows of 16, 24 or 32 bytes with the same beginning ----

static int fill_processes(const struct device *device, bool graphics, unsigned *count, void *rows, int row_bytes) {
  unsigned found = 0;
  for (int i = 0; i < script.process_count; i++) {
    const struct process *process = &script.processes[i];
    if (process->device != device->index || process->graphics != graphics) continue;
    uint64_t used = process->mib < 0 ? UINT64_MAX : (uint64_t)(process->mib * MIB);
    struct process_32 row = {process->pid, used, UINT32_MAX, UINT32_MAX, 0};
    if (rows && found < *count) memcpy((char *)rows + (size_t)found * (size_t)row_bytes, &row, (size_t)row_bytes);
    found++;
  }
  bool too_small = found > *count;
  *count = found;
  return too_small ? RC_INSUFFICIENT_SIZE : RC_OK;
}

#define PROCESS_LIST(name, graphics, row_bytes)                              \
  API name(void *handle, unsigned *count, void *rows) {                      \
    ENTER_DEVICE(handle);                                                    \
    return leave(fill_processes(device, graphics, count, rows, row_bytes));  \
  }

PROCESS_LIST(nvmlDeviceGetComputeRunningProcesses, false, 16)
PROCESS_LIST(nvmlDeviceGetComputeRunningProcesses_v2, false, 24)
PROCESS_LIST(nvmlDeviceGetComputeRunningProcesses_v3, false, script.process_row_bytes)
PROCESS_LIST(nvmlDeviceGetGraphicsRunningProcesses, true, 16)
PROCESS_LIST(nvmlDeviceGetGraphicsRunningProcesses_v2, true, 24)
PROCESS_LIST(nvmlDeviceGetGraphicsRunningProcesses_v3, true, script.process_row_bytes)

// Present or absent, these two tell which layout the driver's process lists have; nobody needs their answer.
API nvmlDeviceGetRunningProcessDetailList(void *handle, void *list) {
  (void)list;
  ENTER_DEVICE(handle);
  return leave(RC_NOT_SUPPORTED);
}
API nvmlDeviceGetConfComputeMemSizeInfo(void *handle, void *info) {
  (void)info;
  ENTER_DEVICE(handle);
  return leave(RC_NOT_SUPPORTED);
}
