// What callers of the driver library hand in and get back: sizes and offsets as on LP64 Linux, checked at compile time.
#ifndef STANDIN_LAYOUTS_H
#define STANDIN_LAYOUTS_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

struct memory_v1 { uint64_t total, free, used; };
struct memory_v2 { uint32_t version; uint64_t total, reserved, free, used; };
struct utilization { uint32_t gpu, memory; };
struct sample { uint64_t stamp_us; union { double d; uint32_t u; uint64_t ull; } value; };
struct process_16 { uint32_t pid; uint64_t used; };
struct process_24 { uint32_t pid; uint64_t used; uint32_t gpu_instance, compute_instance; };
struct process_32 { uint32_t pid; uint64_t used; uint32_t gpu_instance, compute_instance; uint64_t protected_used; };
struct pci_info { char legacy_id[16]; uint32_t domain, bus, device, device_id, subsystem_id; char bus_id[32]; };
struct field_value {
  uint32_t field, scope;
  int64_t stamp_us, latency_us;
  uint32_t value_type, code;
  union { double d; uint32_t u; uint64_t ull; } value;
};

static_assert(sizeof(struct memory_v1) == 24, "memory v1");
static_assert(sizeof(struct memory_v2) == 40 && offsetof(struct memory_v2, used) == 32, "memory v2");
static_assert(sizeof(struct sample) == 16, "sample");
static_assert(sizeof(struct process_16) == 16 && sizeof(struct process_24) == 24 && sizeof(struct process_32) == 32, "process");
static_assert(offsetof(struct process_24, gpu_instance) == 16, "process v2");
static_assert(sizeof(struct pci_info) == 68 && offsetof(struct pci_info, bus_id) == 36, "pci info");
static_assert(sizeof(struct field_value) == 40 && offsetof(struct field_value, value) == 32, "field value");

#endif
