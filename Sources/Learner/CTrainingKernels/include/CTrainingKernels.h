// The numeric kernels of training. Results depend on the inputs alone: not on the number of threads, not on
// the width of the CPU's vectors (sums run in a fixed order, fused multiply-add only where it is written).
#pragma once
#include <stdint.h>
#include <stddef.h>
#include "Kernels.h"

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

// Fills out with numbers from low up to high, from a xoshiro256++ generator whose state it moves on.
void tk_fill_uniform(uint64_t state[4], float *out, ptrdiff_t n, float low, float high);
void tk_zero(float *out, ptrdiff_t n);
// 0, 1, 2, ...
void tk_count_up(uint32_t *out, ptrdiff_t n);
// Shuffles the order in place (Fisher-Yates); every order is equally likely.
void tk_shuffle(uint64_t state[4], uint32_t *order, ptrdiff_t n);

enum { TK_LINEAR, TK_RELU, TK_SIGMOID, TK_TANH, TK_SOFTMAX };
enum { TK_ADD, TK_SUBTRACT, TK_MULTIPLY };
// Losses, each of which is a metric too, then those that are only metrics.
enum {
  TK_MEAN_SQUARED_ERROR, TK_MEAN_ABSOLUTE_ERROR, TK_BINARY_CROSSENTROPY, TK_CATEGORICAL_CROSSENTROPY,
  TK_SPARSE_CATEGORICAL_CROSSENTROPY, TK_BINARY_ACCURACY, TK_CATEGORICAL_ACCURACY, TK_SPARSE_CATEGORICAL_ACCURACY
};

// One operation of a plan. Places (a, b, out) count features in a worker's memory.
enum {
  TK_OP_INPUT,     // out = the floats of an input
  TK_OP_LOOKUP,    // out = rows of a table, by the ids of an input
  TK_OP_DENSE,     // out = activation(a * weights + bias), at each of `positions` positions
  TK_OP_COPY,      // out[a_map[f]] = a[f]
  TK_OP_COMBINE,   // out = a (+, -, *) b, by `choice`; the maps say which feature belongs to which
  TK_OP_AFFINE,    // out = scale * a + offset
  TK_OP_DROPOUT,   // out = a * mask at b: 0 with probability `scale`, else 1 / (1 - scale); a copy outside training
  TK_OP_DOT        // out[i, j] = a[i] . b[j]: a has a_count vectors, b has b_count, `positions` numbers each
};

typedef struct {
  int32_t kind, choice, a, b, out, a_count, b_count, out_count, positions;
  int32_t a_gradient, b_gradient;               // whether the gradient of a (of b) is asked for
  int32_t input, lookup;                        // of a lookup: which input, and where its gradient is kept (or -1)
  float scale, offset;
  const float *weights, *bias;
  ptrdiff_t weights_gradient, bias_gradient;    // places in the gradients, -1 when not trained
  const int32_t *a_map, *b_map;
} tk_op;

// One use of a trained table: by which input's ids, with how many numbers a row of the table.
typedef struct { int32_t input, width; } tk_lookup;

// A tensor that the optimizer changes: its rows, its state (null where the optimizer keeps none), and where its
// gradient is: a place in the gradients, or for a table the lookups whose gradients add up.
typedef struct {
  float *values, *first_moment, *second_moment;
  ptrdiff_t rows, columns, gradient;
  const int32_t *lookups;
  int32_t lookup_count;
} tk_parameter;

typedef struct {
  const tk_op *ops;
  const tk_lookup *lookups;
  const tk_parameter *parameters;
  const int32_t *metrics;
  const int32_t *id_limits;                     // for each input whose ids look up a trained table: their number; else 0
  const int32_t *widths;                        // numbers a row, for each input
  int32_t op_count, lookup_count, parameter_count, metric_count, input_count;
  int32_t features, output, output_count, target_count, loss;
  ptrdiff_t gradient_count;
} tk_program;

// One input's numbers, row after row: ids, floats, or both.
typedef struct { const int32_t *ids; const float *values; } tk_column;

// Rows of data: the input columns, the targets, and which rows (order[first...], or first... where order is null).
typedef struct {
  const tk_column *columns;
  const float *target;
  const uint32_t *order;
  ptrdiff_t first, count;
} tk_rows;

enum { TK_SGD, TK_ADAM };
typedef struct {
  int32_t kind;
  double rate, beta1, beta2, epsilon, momentum;
  double beta1_power, beta2_power;              // beta to the number of steps taken
  uint64_t steps;
} tk_optimizer;

typedef struct tk_runner tk_runner;
// Memory for running a program over batches of at most this many rows; null when there is none left.
tk_runner *tk_runner_create(const tk_program *program, ptrdiff_t batch_size, int threads);
void tk_runner_destroy(tk_runner *runner);
// Trains on `batches` batches of the rows, from the one numbered first_batch. Adds the sums of the loss and of
// each metric to sums. Returns -1, or the number of the batch whose loss was not finite: its step is not made.
// Up to `threads` threads work on it, and no more than the runner has memory for.
ptrdiff_t tk_train(tk_runner *runner, tk_rows rows, ptrdiff_t batch_size, ptrdiff_t first_batch, ptrdiff_t batches,
                   int threads, uint64_t seed, tk_optimizer *optimizer, double *sums);
// Adds the sums of the loss and of each metric over all rows to sums. 0 when memory ran out.
int tk_evaluate(tk_runner *runner, tk_rows rows, double *sums);
// The outputs, row after row.
void tk_predict(tk_runner *runner, tk_rows rows, float *out);
// For tests: the gradients of the loss over all rows (one batch), parameter after parameter.
void tk_gradients(tk_runner *runner, tk_rows rows, uint64_t seed, double *sums, float *gradients);

// Vector instructions: 0 plain, 1 avx2, 2 avx512; -1 the best this CPU has. Returns the level in use. For tests.
int tk_use_vector_level(int level);
// How many CPUs this process may run on.
int tk_available_cpus(void);
double tk_seconds(void);
