// Reads the script: one setting per line (README.md has the list).
#include "standin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *channel_names[CHANNELS] = {"util", "memcopy", "memused", "power"};
static const char *trace_columns[CHANNELS] = {"util_gpu", "util_mem", "mem_used_mib", "power_w"};

static int channel_named(const char *name) {
  for (int i = 0; i < CHANNELS; i++)
    if (strcmp(name, channel_names[i]) == 0) return i;
  return -1;
}

void script_defaults(struct script *s) {
  memset(s, 0, sizeof *s);
  s->device_count = 1;
  s->cuda_version = 12040;
  s->process_row_bytes = 24;
  snprintf(s->driver, sizeof s->driver, "550.54.15");
  for (int i = 0; i < MAX_DEVICES; i++) {
    struct device_script *d = &s->devices[i];
    snprintf(d->model, sizeof d->model, "NVIDIA Stand-in 80GB");
    snprintf(d->uuid, sizeof d->uuid, "GPU-00000000-0000-4000-8000-%012d", i);
    snprintf(d->serial, sizeof d->serial, "%013d", 1650000000 + i);
    d->memory_mib = 81920;
    d->reserved_mib = 512;
    d->power_limit_watts = 700;
    d->memory_clock_mhz = d->memory_celsius = NAN;
    d->ring_hertz = 6;
    d->ring_depth = 120;
    d->waves[CH_UTIL] = (struct wave){.kind = WAVE_CONSTANT};
  }
}

// The devices a target names, `*` or an index, as a half-open range; false when it names none.
static bool range_of(const char *target, int *from, int *to) {
  if (target && strcmp(target, "*") == 0) {
    *from = 0, *to = MAX_DEVICES;
    return true;
  }
  char *end;
  long index = target ? strtol(target, &end, 10) : -1;
  if (!target || *end || index < 0 || index >= MAX_DEVICES) return false;
  *from = (int)index, *to = (int)index + 1;
  return true;
}

static char *word(char **rest) { return strtok_r(NULL, " \t", rest); }

static double number(char **rest, double fallback) {
  char *text = word(rest);
  return text ? strtod(text, NULL) : fallback;
}

static bool parse_wave(struct wave *wave, char **rest, const char *trace_column) {
  char *kind = word(rest);
  *wave = (struct wave){0};
  if (!kind) return false;
  if (strcmp(kind, "constant") == 0) wave->kind = WAVE_CONSTANT;
  else if (strcmp(kind, "square") == 0) wave->kind = WAVE_SQUARE;
  else if (strcmp(kind, "sine") == 0) wave->kind = WAVE_SINE;
  else if (strcmp(kind, "noise") == 0) wave->kind = WAVE_NOISE;
  else if (strcmp(kind, "trace") == 0) {
    char *path = word(rest), *column = word(rest);
    wave->kind = WAVE_TRACE;
    wave->trace = path ? trace_load(path, column ? column : trace_column) : NULL;
    return wave->trace != NULL;
  } else return false;
  for (int i = 0; i < 5; i++) wave->p[i] = number(rest, 0);
  if (wave->kind == WAVE_NOISE && wave->p[3] <= 0) wave->p[3] = 1;
  return wave->kind == WAVE_CONSTANT || wave->kind == WAVE_NOISE || wave->p[0] > 0;
}

static bool parse_rule(struct script *s, enum rule_kind kind, char **rest) {
  if (s->rule_count == MAX_RULES) return false;
  struct rule *rule = &s->rules[s->rule_count];
  *rule = (struct rule){.kind = kind, .function = "*", .to = INFINITY};
  if (kind != RULE_LOSE) {
    char *function = word(rest);
    if (!function) return false;
    snprintf(rule->function, sizeof rule->function, "%s", function);
  }
  char *target = word(rest);
  int to;
  if (target && strcmp(target, "*") == 0) rule->device = ALL;
  else if (!range_of(target, &rule->device, &to)) return false;
  if (kind == RULE_CODE) rule->code = (int)number(rest, 999);
  if (kind == RULE_HANG) rule->seconds = number(rest, 60);
  rule->from = number(rest, -INFINITY);
  rule->to = number(rest, INFINITY);
  s->rule_count++;
  return true;
}

static bool parse_process(struct script *s, char **rest) {
  int device, to;
  if (s->process_count == MAX_PROCESSES || !range_of(word(rest), &device, &to) || to - device != 1) return false;
  struct process *process = &s->processes[s->process_count++];
  process->device = device;
  process->pid = (uint32_t)number(rest, 1);
  process->mib = number(rest, 0); // negative: the driver does not know
  char *kind = word(rest);
  process->graphics = kind && strcmp(kind, "graphics") == 0;
  return true;
}

static bool set_ring(struct device_script *d, const char *what, const char *value) {
  int channel = channel_named(what);
  if (channel >= 0) d->ring_off[channel] = strcmp(value, "off") == 0;
  else if (strcmp(what, "all") == 0)
    for (int i = 0; i < CHANNELS; i++) d->ring_off[i] = strcmp(value, "off") == 0;
  else if (strcmp(what, "hertz") == 0) d->ring_hertz = strtod(value, NULL);
  else if (strcmp(what, "depth") == 0) d->ring_depth = atoi(value);
  else if (strcmp(what, "quiet_when_idle") == 0) d->ring_quiet_when_idle = strcmp(value, "on") == 0;
  else return false;
  return d->ring_hertz > 0 && d->ring_depth > 0;
}

static bool set_device(struct device_script *d, const char *key, char *value) {
  if (strcmp(key, "model") == 0) snprintf(d->model, sizeof d->model, "%s", value);
  else if (strcmp(key, "uuid") == 0) snprintf(d->uuid, sizeof d->uuid, "%s", value);
  else if (strcmp(key, "memory_mib") == 0) d->memory_mib = strtod(value, NULL);
  else if (strcmp(key, "reserved_mib") == 0) d->reserved_mib = strtod(value, NULL);
  else if (strcmp(key, "power_limit_watts") == 0) d->power_limit_watts = strtod(value, NULL);
  else if (strcmp(key, "memory_clock_mhz") == 0) d->memory_clock_mhz = strtod(value, NULL);
  else if (strcmp(key, "memory_celsius") == 0) d->memory_celsius = strtod(value, NULL);
  else if (strcmp(key, "energy") == 0) d->energy_off = strcmp(value, "off") == 0;
  else if (strcmp(key, "mig") == 0) d->mig = strcmp(value, "on") == 0;
  else if (strcmp(key, "mig_device") == 0) {
    unsigned slot, instance;
    char uuid[96];
    if (sscanf(value, "%u %95s %u", &slot, uuid, &instance) != 3 || slot >= MAX_PARTS) return false;
    d->parts[slot].gpu_instance = instance;
    snprintf(d->parts[slot].uuid, sizeof d->parts[slot].uuid, "%s", uuid);
  } else if (strcmp(key, "ring") == 0) {
    char *rest, *what = strtok_r(value, " \t", &rest), *setting = word(&rest);
    return what && setting && set_ring(d, what, setting);
  } else return false;
  return true;
}

static bool parse_device_line(struct script *s, const char *key, char **rest) {
  int from, to, channel = channel_named(key);
  if (!range_of(word(rest), &from, &to) || !*rest) return false;
  for (int i = from; i < to; i++) {
    char copy[1024], *cursor;
    snprintf(copy, sizeof copy, "- %s", *rest);
    if (channel >= 0) {
      strtok_r(copy, " \t", &cursor);
      if (!parse_wave(&s->devices[i].waves[channel], &cursor, trace_columns[channel])) return false;
    } else if (!set_device(&s->devices[i], key, copy + 2)) return false;
  }
  return true;
}

static bool parse_line(struct script *s, char *line) {
  char *rest, *key = strtok_r(line, " \t", &rest);
  if (!key || *key == '#') return true;
  if (strcmp(key, "devices") == 0) {
    s->device_count = (int)number(&rest, 1);
    return s->device_count >= 0 && s->device_count <= MAX_DEVICES;
  }
  if (strcmp(key, "driver") == 0) return snprintf(s->driver, sizeof s->driver, "%s", rest) > 0;
  if (strcmp(key, "cuda") == 0) return (s->cuda_version = (int)number(&rest, 0)) > 0;
  if (strcmp(key, "counters") == 0) return snprintf(s->counters, sizeof s->counters, "%s", rest) > 0;
  if (strcmp(key, "process_row_bytes") == 0) return (s->process_row_bytes = (int)number(&rest, 24)) > 0;
  if (strcmp(key, "stamps") == 0) return s->stamps_since_boot = strcmp(rest, "boot") == 0, true;
  if (strcmp(key, "code") == 0) return parse_rule(s, RULE_CODE, &rest);
  if (strcmp(key, "hang") == 0) return parse_rule(s, RULE_HANG, &rest);
  if (strcmp(key, "lose") == 0) return parse_rule(s, RULE_LOSE, &rest);
  if (strcmp(key, "process") == 0) return parse_process(s, &rest);
  return parse_device_line(s, key, &rest);
}

bool script_read(struct script *s, const char *path) {
  FILE *file = fopen(path, "re");
  if (!file) return false;
  script_defaults(s);
  char line[1024];
  for (int count = 1; fgets(line, sizeof line, file); count++) {
    line[strcspn(line, "\r\n")] = 0;
    if (!parse_line(s, line)) fprintf(stderr, "stand-in driver library: %s:%d: line not understood, skipped\n", path, count);
  }
  fclose(file);
  return true;
}
