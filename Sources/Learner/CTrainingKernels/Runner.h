#pragma once
#include "CTrainingKernels.h"
#include "Team.h"

enum { tk_shards = 4, tk_evaluation_rows = 1024, tk_most_sums = 16 };

// A thread's own memory: the values of all features for a block of rows, and their gradients.
typedef struct {
  float *values, *gradients, *target;
  int32_t index[TK_ROWS];
} tk_worker;

// For an input whose ids look up trained tables: which rows of the batch hold each id, as lists in row order.
typedef struct {
  int32_t *heads, *next, *ids;
  ptrdiff_t filled;
} tk_lists;

struct tk_runner {
  const tk_program *program;
  const tk_kernels *kernels;
  ptrdiff_t batch_size;
  int threads;
  tk_worker *workers;
  tk_lists *lists;            // one an input
  float **lookup_gradients;   // one a lookup: [batch rows * ids a row, width]
  float *shard_gradients[tk_shards];
  double shard_sums[tk_shards][tk_most_sums];
};

// Where a block is: its rows of data, and its place in the batch.
typedef struct {
  const tk_rows *rows;
  ptrdiff_t first;        // counted from rows->first
  int count;              // 1...TK_ROWS
  ptrdiff_t batch_row;
  uint64_t mask_seed;     // of the batch, for dropout
  int training;
} tk_block;

void tk_forward(tk_runner *runner, tk_worker *worker, const tk_block *block);
void tk_load_target(tk_runner *runner, tk_worker *worker, const tk_block *block);
// From the gradient at the output (in worker->gradients) to the shard's gradients and the lookups'.
void tk_backward(tk_runner *runner, tk_worker *worker, const tk_block *block, float *shard_gradients);
