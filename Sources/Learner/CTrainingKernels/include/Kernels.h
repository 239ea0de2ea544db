// Kernels over a block of rows. A block keeps each feature's TK_ROWS values together: feature f of row r is at
// [f * TK_ROWS + r], so every kernel runs over rows in vectors, whatever the number of features.
//
// A sum over rows is 16 partial sums (row r goes to r mod 16) added in a fixed tree, on every CPU.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Rows in a block.
#define TK_ROWS 64

typedef struct {
  // out[o] (+)= bias[o] + sum over i of in[i] * w[i * in_step + o * out_step]; bias may be null.
  void (*weighted_sums)(float *out, int outs, const float *in, int ins, const float *w, ptrdiff_t in_step,
                        ptrdiff_t out_step, const float *bias, int accumulate);
  // g[i * outs + o] += sum over rows of in[i] * d[o]
  void (*outer_sums)(float *g, const float *in, int ins, const float *d, int outs);
  // g[o] += sum over rows of d[o]
  void (*row_sums)(float *g, const float *d, int outs);
  // y = activation(y), and d = d * activation'(y) from its output y
  void (*activate)(int activation, float *y, int n);
  void (*activate_back)(int activation, float *d, const float *y, int n);
  // Combine two inputs feature by feature; the maps say which feature of an input belongs to one of the output.
  void (*combine)(int kind, float *out, int n, const float *a, const int32_t *a_map, const float *b, const int32_t *b_map);
  // ga[a_map[f]] += factor * d[f] * (b ? b[b_map[f]] : 1)
  void (*spread)(float *ga, const int32_t *a_map, const float *d, int n, float factor, const float *b, const int32_t *b_map);
  // out (+)= scale * in + offset
  void (*affine)(float *out, const float *in, int n, float scale, float offset, int accumulate);
  // Loss: adds each row's loss to sums (per row, then in double), and writes the gradient times `scale`.
  double (*loss)(int loss, const float *y, const float *target, int n, int rows, float scale, float *d);
  double (*metric)(int metric, const float *y, const float *target, int n, int rows);
  // Optimizers over n numbers.
  void (*adam)(float *p, float *m, float *v, const float *g, ptrdiff_t n, float step, float one_minus_beta1,
               float one_minus_beta2, float epsilon);
  void (*sgd)(float *p, float *velocity, const float *g, ptrdiff_t n, float rate, float momentum);
} tk_kernels;

extern const tk_kernels tk_kernels_base;
#if defined(__x86_64__)
extern const tk_kernels tk_kernels_avx2, tk_kernels_avx512;
#endif

// The kernels for this CPU, or the level that a test asked for.
const tk_kernels *tk_current_kernels(void);
