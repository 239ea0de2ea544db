#include "CTrainingKernels.h"
#include <string.h>

ptrdiff_t tk_int32_from_int64(const int64_t *in, ptrdiff_t n, int32_t *out) {
  for (ptrdiff_t i = 0; i < n; i++) {
    if (in[i] < INT32_MIN || in[i] > INT32_MAX) return i;
    out[i] = (int32_t)in[i];
  }
  return -1;
}

ptrdiff_t tk_int32_from_float(const float *in, ptrdiff_t n, int32_t *out) {
  for (ptrdiff_t i = 0; i < n; i++) {
    if (!(in[i] >= -2147483648.0f && in[i] < 2147483648.0f)) return i;
    out[i] = (int32_t)in[i];
    if ((float)out[i] != in[i]) return i;
  }
  return -1;
}

ptrdiff_t tk_int32_from_double(const double *in, ptrdiff_t n, int32_t *out) {
  for (ptrdiff_t i = 0; i < n; i++) {
    if (!(in[i] >= -2147483648.0 && in[i] <= 2147483647.0)) return i;
    out[i] = (int32_t)in[i];
    if ((double)out[i] != in[i]) return i;
  }
  return -1;
}

void tk_float_from_double(const double *in, ptrdiff_t n, float *out) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (float)in[i];
}

void tk_float_from_int64(const int64_t *in, ptrdiff_t n, float *out) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (float)in[i];
}

void tk_float_from_int32(const int32_t *in, ptrdiff_t n, float *out) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (float)in[i];
}

ptrdiff_t tk_first_outside(const int32_t *ids, ptrdiff_t n, int32_t limit) {
  for (ptrdiff_t i = 0; i < n; i++)
    if (ids[i] < 0 || ids[i] >= limit) return i;
  return -1;
}

ptrdiff_t tk_first_not_finite(const float *values, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++)
    if (!(values[i] - values[i] == 0)) return i;
  return -1;
}

void tk_zero(float *out, ptrdiff_t n) {
  if (n > 0) memset(out, 0, sizeof(float) * (size_t)n);
}

void tk_count_up(uint32_t *out, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (uint32_t)i;
}
