// Values over time: constant, square, sine, seeded noise, a recorded trace. All are defined for any time, also before the library was loaded.
#include "standin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double phase(double seconds, double period) {
  double cycles = seconds / period;
  return cycles - floor(cycles);
}

static double uniform(uint64_t seed, int64_t step) { // splitmix64 (public domain): the same step of the same seed is always the same
  uint64_t z = seed * 0x9e3779b97f4a7c15ull + (uint64_t)step * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static double trace_at(const struct trace *trace, double seconds) { // holds each value until the next one
  double first = trace->times[0];
  double span = trace->times[trace->count - 1] - first;
  double at = span > 0 ? first + phase(seconds, span) * span : first;
  int low = 0, high = trace->count - 1;
  while (low < high) {
    int middle = (low + high + 1) / 2;
    if (trace->times[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return trace->values[low];
}

double wave_at(const struct wave *wave, double seconds) {
  const double *p = wave->p;
  switch (wave->kind) {
  case WAVE_CONSTANT: return p[0];
  case WAVE_SQUARE: return phase(seconds - p[4], p[0]) < p[1] ? p[3] : p[2];
  case WAVE_SINE: return p[1] + (p[2] - p[1]) * (0.5 + 0.5 * sin(2 * M_PI * phase(seconds, p[0])));
  case WAVE_NOISE: return p[1] + (p[2] - p[1]) * uniform((uint64_t)p[0], (int64_t)floor(seconds / p[3]));
  case WAVE_TRACE: return trace_at(wave->trace, seconds);
  case WAVE_NONE: break;
  }
  return 0;
}

static int column_index(char *header, const char *name) {
  int index = 0;
  for (char *rest = header, *cell; (cell = strsep(&rest, ",\r\n")); index++)
    if (strcmp(cell, name) == 0) return index;
  return -1;
}

static bool cell_number(const char *line, int index, double *value) {
  while (index-- > 0) {
    line = strchr(line, ',');
    if (!line) return false;
    line++;
  }
  char *end;
  *value = strtod(line, &end);
  return end != line;
}

static struct trace *trace_read(FILE *file, const char *column) {
  char line[4096], copy[4096];
  if (!fgets(line, sizeof line, file)) return NULL;
  memcpy(copy, line, sizeof copy);
  int time_column = column_index(line, "t_s"), value_column = column_index(copy, column);
  if (time_column < 0 || value_column < 0) return NULL;
  struct trace *trace = calloc(1, sizeof *trace);
  int capacity = 0;
  while (fgets(line, sizeof line, file)) {
    double time, value;
    if (!cell_number(line, time_column, &time) || !cell_number(line, value_column, &value)) continue;
    if (trace->count == capacity) {
      capacity = capacity ? capacity * 2 : 1024;
      trace->times = realloc(trace->times, (size_t)capacity * sizeof(double));
      trace->values = realloc(trace->values, (size_t)capacity * sizeof(double));
    }
    trace->times[trace->count] = time;
    trace->values[trace->count++] = value;
  }
  if (trace->count > 0) return trace;
  free(trace);
  return NULL;
}

const struct trace *trace_load(const char *path, const char *column) {
  static struct trace *loaded;
  for (struct trace *trace = loaded; trace; trace = trace->next)
    if (strcmp(trace->path, path) == 0 && strcmp(trace->column, column) == 0) return trace;
  FILE *file = fopen(path, "re");
  if (!file) return NULL;
  struct trace *trace = trace_read(file, column);
  fclose(file);
  if (!trace) return NULL;
  snprintf(trace->path, sizeof trace->path, "%s", path);
  snprintf(trace->column, sizeof trace->column, "%s", column);
  trace->next = loaded;
  return loaded = trace;
}
