// Exported calls: start and end, system facts, finding devices, facts of a device that do not change.
#include "layouts.h"
#include "standin.h"

#include <stdio.h>
#include <string.h>

#define ENTER_SYSTEM()                              \
  do {                                              \
    int entered = enter(__func__, NULL, NULL);      \
    if (entered != RC_OK) return entered;           \
    if (init_count == 0) return leave(RC_UNINITIALIZED); \
  } while (0)

static int copy_text(char *to, unsigned size, const char *text) {
  if (size <= strlen(text)) return RC_INSUFFICIENT_SIZE;
  memcpy(to, text, strlen(text) + 1);
  return RC_OK;
}

static const struct device_script *facts(const struct device *device) { return &script.devices[device->index]; }

static void bus_id(int index, char *text) { snprintf(text, 32, "00000000:%02X:00.0", index + 1); }

API nvmlInit_v2(void) {
  int code = enter(__func__, NULL, NULL);
  if (code != RC_OK) return code;
  init_count++;
  return leave(RC_OK);
}

API nvmlShutdown(void) {
  ENTER_SYSTEM();
  init_count--;
  return leave(RC_OK);
}

API nvmlSystemGetDriverVersion(char *text, unsigned size) {
  ENTER_SYSTEM();
  return leave(copy_text(text, size, script.driver));
}

API nvmlSystemGetCudaDriverVersion(int *version) {
  ENTER_SYSTEM();
  *version = script.cuda_version;
  return leave(RC_OK);
}

API nvmlDeviceGetCount_v2(unsigned *count) {
  ENTER_SYSTEM();
  *count = (unsigned)script.device_count;
  return leave(RC_OK);
}

API nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
  ENTER_SYSTEM();
  return leave(index < (unsigned)script.device_count ? lookup(__func__, (int)index, handle) : RC_INVALID_ARGUMENT);
}

API nvmlDeviceGetHandleByPciBusId_v2(const char *text, void **handle) {
  ENTER_SYSTEM();
  for (int i = 0; i < script.device_count; i++) {
    char own[32];
    bus_id(i, own);
    if (strcmp(own, text) == 0) return leave(lookup(__func__, i, handle));
  }
  return leave(RC_NOT_FOUND);
}

API nvmlDeviceGetHandleByUUID(const char *text, void **handle) {
  ENTER_SYSTEM();
  for (int i = 0; i < script.device_count; i++)
    if (strcmp(script.devices[i].uuid, text) == 0) return leave(lookup(__func__, i, handle));
  return leave(RC_NOT_FOUND);
}

API nvmlDeviceGetUUID(void *handle, char *text, unsigned size) {
  ENTER_DEVICE(handle);
  return leave(copy_text(text, size, part_entered < 0 ? facts(device)->uuid : facts(device)->parts[part_entered].uuid));
}

API nvmlDeviceGetName(void *handle, char *text, unsigned size) {
  ENTER_DEVICE(handle);
  return leave(copy_text(text, size, facts(device)->model));
}

API nvmlDeviceGetSerial(void *handle, char *text, unsigned size) {
  ENTER_DEVICE(handle);
  return leave(copy_text(text, size, facts(device)->serial));
}

API nvmlDeviceGetVbiosVersion(void *handle, char *text, unsigned size) {
  ENTER_DEVICE(handle);
  return leave(copy_text(text, size, "96.00.74.00.01"));
}

API nvmlDeviceGetMinorNumber(void *handle, unsigned *minor) {
  ENTER_DEVICE(handle);
  *minor = (unsigned)device->index;
  return leave(RC_OK);
}

API nvmlDeviceGetPciInfo_v3(void *handle, struct pci_info *info) {
  ENTER_DEVICE(handle);
  *info = (struct pci_info){.bus = (uint32_t)device->index + 1, .device_id = 0x233010de};
  bus_id(device->index, info->bus_id);
  snprintf(info->legacy_id, sizeof info->legacy_id, "0000:%02X:00.0", device->index + 1);
  return leave(RC_OK);
}

API nvmlDeviceGetCudaComputeCapability(void *handle, int *major, int *minor) {
  ENTER_DEVICE(handle);
  *major = 9, *minor = 0;
  return leave(RC_OK);
}

API nvmlDeviceGetMaxPcieLinkGeneration(void *handle, unsigned *generation) {
  ENTER_DEVICE(handle);
  *generation = 5;
  return leave(RC_OK);
}

API nvmlDeviceGetMaxPcieLinkWidth(void *handle, unsigned *width) {
  ENTER_DEVICE(handle);
  *width = 16;
  return leave(RC_OK);
}

API nvmlDeviceGetMigMode(void *handle, unsigned *current, unsigned *pending) {
  ENTER_DEVICE(handle);
  *current = *pending = facts(device)->mig;
  return leave(RC_OK);
}

API nvmlDeviceGetMaxMigDeviceCount(void *handle, unsigned *count) {
  ENTER_DEVICE(handle);
  *count = MAX_PARTS;
  return leave(RC_OK);
}

API nvmlDeviceGetMigDeviceHandleByIndex(void *handle, unsigned slot, void **part) {
  ENTER_DEVICE(handle);
  if (slot >= MAX_PARTS) return leave(RC_INVALID_ARGUMENT);
  if (!facts(device)->mig || !facts(device)->parts[slot].uuid[0]) return leave(RC_NOT_FOUND);
  *part = part_handle(device->index, (int)slot);
  return leave(RC_OK);
}

API nvmlDeviceGetGpuInstanceId(void *handle, unsigned *id) {
  ENTER_DEVICE(handle);
  if (part_entered < 0) return leave(RC_INVALID_ARGUMENT);
  *id = facts(device)->parts[part_entered].gpu_instance;
  return leave(RC_OK);
}
