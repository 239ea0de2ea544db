// The numeric kernels of training. Results depend on the inputs alone: not on the number of threads, not on
// the width of the CPU's vectors (sums run in a fixed order, fused multiply-add only where it is written).
#pragma once
#include <stdint.h>
#include <stddef.h>

// Conversions. Those to int32 return the index of the first value that int32 can't hold exactly, or -1.
ptrdiff_t tk_int32_from_int64(const int64_t *in, ptrdiff_t n, int32_t *out);
ptrdiff_t tk_int32_from_float(const float *in, ptrdiff_t n, int32_t *out);
ptrdiff_t tk_int32_from_double(const double *in, ptrdiff_t n, int32_t *out);
void tk_float_from_double(const double *in, ptrdiff_t n, float *out);
void tk_float_from_int64(const int64_t *in, ptrdiff_t n, float *out);
void tk_float_from_int32(const int32_t *in, ptrdiff_t n, float *out);
// The index of the first id outside 0..<limit, or -1.
ptrdiff_t tk_first_outside(const int32_t *ids, ptrdiff_t n, int32_t limit);
// The index of the first number that is infinite or nan, or -1.
ptrdiff_t tk_first_not_finite(const float *values, ptrdiff_t n);
