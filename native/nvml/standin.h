// Shared declarations of the stand-in libnvidia-ml. What a script line means is in README.md; struct layouts that callers see are in layouts.h.
#ifndef STANDIN_H
#define STANDIN_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_DEVICES 64
#define MAX_PROCESSES 512
#define MAX_RULES 128
#define MAX_PARTS 7 // MIG devices of a GPU
#define ALL (-1)

enum { RC_OK = 0, RC_UNINITIALIZED = 1, RC_INVALID_ARGUMENT = 2, RC_NOT_SUPPORTED = 3, RC_NOT_FOUND = 6,
       RC_INSUFFICIENT_SIZE = 7, RC_GPU_IS_LOST = 15, RC_ARGUMENT_VERSION_MISMATCH = 25 };

enum channel { CH_UTIL, CH_MEMCOPY, CH_MEMUSED, CH_POWER, CHANNELS };

// ---- waveforms (waveform.c) ----

struct trace { // a CSV column with its times, repeated for ever
  char path[512];
  char column[64];
  int count;
  double *times, *values;
  struct trace *next;
};

enum wave_kind { WAVE_NONE, WAVE_CONSTANT, WAVE_SQUARE, WAVE_SINE, WAVE_NOISE, WAVE_TRACE };

struct wave {
  enum wave_kind kind;
  double p[5];
  const struct trace *trace;
};

double wave_at(const struct wave *wave, double seconds);
const struct trace *trace_load(const char *path, const char *column); // null when unreadable; kept for ever

// ---- script (script.c) ----

struct part_script { // a MIG device; an empty UUID: none in this slot
  char uuid[96];
  unsigned gpu_instance;
};

struct device_script {
  struct part_script parts[MAX_PARTS];
  struct wave waves[CHANNELS];
  char model[96], uuid[80], serial[30];
  double memory_mib, reserved_mib, power_limit_watts;
  double memory_clock_mhz, memory_celsius; // NAN: by load
  bool ring_off[CHANNELS], ring_quiet_when_idle, energy_off, mig;
  double ring_hertz;
  int ring_depth;
};

enum rule_kind { RULE_CODE, RULE_HANG, RULE_LOSE };

struct rule {
  enum rule_kind kind;
  char function[64]; // "*": any function that takes a device
  int device;        // or ALL
  int code;
  double seconds;    // of a hang
  double from, to;   // seconds since the library was loaded
};

struct process {
  int device;
  uint32_t pid;
  double mib;
  bool graphics;
};

struct script {
  int device_count, process_count, rule_count;
  char driver[80], counters[512];
  int cuda_version, process_row_bytes;
  bool stamps_since_boot;
  struct device_script devices[MAX_DEVICES];
  struct process processes[MAX_PROCESSES];
  struct rule rules[MAX_RULES];
};

void script_defaults(struct script *script);
bool script_read(struct script *script, const char *path); // false: unreadable; a wrong line is told on stderr and skipped

// ---- state (state.c) ----

struct device {
  int index;
  int generation; // grows each time the GPU comes back from a loss: older handles stay lost
  bool was_lost;
  double energy_joules, energy_until;
};

// Start of every exported call: counts it, re-reads a changed script, applies the rules (hangs here), resolves the handle.
// Leaves the lock held only when it returns RC_OK; the caller then ends with `leave`.
int enter(const char *function, void *handle, struct device **device);
int leave(int code);

#define API __attribute__((visibility("default"))) int
#define ENTER_DEVICE(handle)                        \
  struct device *device;                            \
  do {                                              \
    int entered = enter(__func__, handle, &device); \
    if (entered != RC_OK) return entered;           \
  } while (0)

extern struct script script;
extern int init_count;
double now_seconds(void);                          // since the library was loaded
uint64_t stamp_us(double seconds);                 // the driver's stamp of that moment
void *handle_of(int index);
int lookup(const char *function, int index, void **handle); // RC_GPU_IS_LOST while it is lost
void *part_handle(int index, int slot);
extern int part_entered;                           // slot of the MIG device whose handle `enter` was given; -1: a whole GPU
double channel_at(int index, enum channel channel, double seconds);
double newest_sample_time(int index);
double memory_used_mib(int index);                 // includes reserved memory and that of the processes
double energy_joules(struct device *device);

#endif
