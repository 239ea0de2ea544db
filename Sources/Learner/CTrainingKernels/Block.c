#include "Runner.h"
#include <string.h>

#define PLACE(memory, feature) ((memory) + (ptrdiff_t)(feature) * TK_ROWS)

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// Which rows a block reads. Rows beyond the last repeat it: their outcome is thrown away.
static void find_rows(tk_worker *worker, const tk_block *block) {
  for (int r = 0; r < TK_ROWS; r++) {
    ptrdiff_t row = block->rows->first + block->first + (r < block->count ? r : block->count - 1);
    worker->index[r] = (int32_t)(block->rows->order ? block->rows->order[row] : row);
  }
}

typedef float v4 __attribute__((vector_size(16), aligned(4)));

static void turn(v4 a[4]) {
  v4 b0 = __builtin_shufflevector(a[0], a[1], 0, 4, 1, 5), b1 = __builtin_shufflevector(a[0], a[1], 2, 6, 3, 7);
  v4 b2 = __builtin_shufflevector(a[2], a[3], 0, 4, 1, 5), b3 = __builtin_shufflevector(a[2], a[3], 2, 6, 3, 7);
  a[0] = __builtin_shufflevector(b0, b2, 0, 1, 4, 5);
  a[1] = __builtin_shufflevector(b0, b2, 2, 3, 6, 7);
  a[2] = __builtin_shufflevector(b1, b3, 0, 1, 4, 5);
  a[3] = __builtin_shufflevector(b1, b3, 2, 3, 6, 7);
}

// Copies rows of `width` numbers into a block, four rows and four features at a time where there are as many.
static void rows_to_block(float *out, const float *const rows[TK_ROWS], ptrdiff_t width) {
  for (int r = 0; r < TK_ROWS; r += 4) {
    ptrdiff_t f = 0;
    for (; f + 4 <= width; f += 4) {
      v4 square[4];
      for (int k = 0; k < 4; k++) square[k] = *(const v4 *)(rows[r + k] + f);
      turn(square);
      for (int k = 0; k < 4; k++) *(v4 *)(out + (f + k) * TK_ROWS + r) = square[k];
    }
    for (; f < width; f++)
      for (int k = 0; k < 4; k++) out[f * TK_ROWS + r + k] = rows[r + k][f];
  }
}

// Copies the first `count` rows of a block to rows of `width` numbers, one after the other.
static void block_to_rows(float *out, const float *block, int count, ptrdiff_t width) {
  int r = 0;
  for (; r + 4 <= count; r += 4) {
    ptrdiff_t f = 0;
    for (; f + 4 <= width; f += 4) {
      v4 square[4];
      for (int k = 0; k < 4; k++) square[k] = *(const v4 *)(block + (f + k) * TK_ROWS + r);
      turn(square);
      for (int k = 0; k < 4; k++) *(v4 *)(out + (r + k) * width + f) = square[k];
    }
    for (; f < width; f++)
      for (int k = 0; k < 4; k++) out[(r + k) * width + f] = block[f * TK_ROWS + r + k];
  }
  for (; r < count; r++)
    for (ptrdiff_t f = 0; f < width; f++) out[r * width + f] = block[f * TK_ROWS + r];
}

static void load(float *out, const float *values, ptrdiff_t width, const int32_t *index) {
  const float *rows[TK_ROWS];
  for (int r = 0; r < TK_ROWS; r++) rows[r] = values + index[r] * width;
  rows_to_block(out, rows, width);
}

static void look_up(const tk_op *op, float *out, const int32_t *ids, ptrdiff_t length, const int32_t *index) {
  ptrdiff_t width = op->out_count / length;
  for (ptrdiff_t l = 0; l < length; l++) {
    const float *rows[TK_ROWS];
    for (int r = 0; r < TK_ROWS; r++) rows[r] = op->weights + ids[index[r] * length + l] * width;
    rows_to_block(out + l * width * TK_ROWS, rows, width);
  }
}

// A mask is a function of the batch, the operation, the row and the feature, so no thread's turn matters.
static void make_mask(float *mask, int features, float rate, int op, const tk_block *block) {
  uint64_t seed = mix(block->mask_seed + (uint64_t)(op + 1) * 0xD1342543DE82EF95ull);
  float kept = 1 / (1 - rate);
  for (int f = 0; f < features; f++)
    for (int r = 0; r < TK_ROWS; r++) {
      uint64_t cell = (uint64_t)(block->batch_row + r) * (uint64_t)features + (uint64_t)f;
      float unit = (float)(mix(seed + (cell + 1) * 0x9E3779B97F4A7C15ull) >> 40) * (1.0f / 16777216.0f);
      mask[f * TK_ROWS + r] = unit < rate ? 0 : kept;
    }
}

static void dot(const tk_op *op, float *out, const float *a, const float *b) {
  int length = op->positions;
  for (int i = 0; i < op->a_count; i++)
    for (int j = 0; j < op->b_count; j++) {
      float *z = PLACE(out, i * op->b_count + j);
      memset(z, 0, sizeof(float) * TK_ROWS);
      for (int k = 0; k < length; k++) {
        const float *x = PLACE(a, i * length + k), *y = PLACE(b, j * length + k);
        for (int r = 0; r < TK_ROWS; r++) z[r] += x[r] * y[r];
      }
    }
}

static void dot_back(const tk_op *op, const float *d, float *ga, const float *b, int transposed) {
  int length = op->positions;
  for (int i = 0; i < op->a_count; i++)
    for (int j = 0; j < op->b_count; j++) {
      const float *dz = PLACE(d, i * op->b_count + j);
      for (int k = 0; k < length; k++) {
        float *target = PLACE(ga, (transposed ? j : i) * length + k);
        const float *y = PLACE(b, (transposed ? i : j) * length + k);
        for (int r = 0; r < TK_ROWS; r++) target[r] += dz[r] * y[r];
      }
    }
}

void tk_load_target(tk_runner *runner, tk_worker *worker, const tk_block *block) {
  load(worker->target, block->rows->target, runner->program->target_count, worker->index);
}

void tk_forward(tk_runner *runner, tk_worker *worker, const tk_block *block) {
  const tk_program *program = runner->program;
  const tk_kernels *kernels = runner->kernels;
  float *values = worker->values;
  find_rows(worker, block);
  for (int k = 0; k < program->op_count; k++) {
    const tk_op *op = &program->ops[k];
    float *a = PLACE(values, op->a), *b = PLACE(values, op->b), *out = PLACE(values, op->out);
    switch (op->kind) {
    case TK_OP_INPUT:
      load(out, block->rows->columns[op->input].values, op->out_count, worker->index);
      break;
    case TK_OP_LOOKUP:
      look_up(op, out, block->rows->columns[op->input].ids, program->widths[op->input], worker->index);
      break;
    case TK_OP_DENSE: {
      int ins = op->a_count / op->positions, outs = op->out_count / op->positions;
      for (int p = 0; p < op->positions; p++) {
        float *y = PLACE(out, p * outs);
        kernels->weighted_sums(y, outs, PLACE(a, p * ins), ins, op->weights, outs, 1, op->bias, 0);
        kernels->activate(op->choice, y, outs);
      }
      break;
    }
    case TK_OP_COPY:
      for (int f = 0; f < op->a_count; f++) memcpy(PLACE(out, op->a_map[f]), PLACE(a, f), sizeof(float) * TK_ROWS);
      break;
    case TK_OP_COMBINE:
      kernels->combine(op->choice, out, op->out_count, a, op->a_map, b, op->b_map);
      break;
    case TK_OP_AFFINE:
      kernels->affine(out, a, op->out_count, op->scale, op->offset, 0);
      break;
    case TK_OP_DROPOUT:
      if (!block->training) {
        memcpy(out, a, sizeof(float) * TK_ROWS * (size_t)op->out_count);
        break;
      }
      make_mask(b, op->out_count, op->scale, k, block);
      for (int i = 0; i < op->out_count * TK_ROWS; i++) out[i] = a[i] * b[i];
      break;
    case TK_OP_DOT:
      dot(op, out, a, b);
      break;
    }
  }
}

void tk_backward(tk_runner *runner, tk_worker *worker, const tk_block *block, float *shard_gradients) {
  const tk_program *program = runner->program;
  const tk_kernels *kernels = runner->kernels;
  float *values = worker->values, *gradients = worker->gradients;
  for (int k = program->op_count - 1; k >= 0; k--) {
    const tk_op *op = &program->ops[k];
    float *a = PLACE(values, op->a), *b = PLACE(values, op->b), *out = PLACE(values, op->out);
    float *da = PLACE(gradients, op->a), *db = PLACE(gradients, op->b), *d = PLACE(gradients, op->out);
    switch (op->kind) {
    case TK_OP_LOOKUP: {
      if (op->lookup < 0) break;
      ptrdiff_t n = op->out_count;
      block_to_rows(runner->lookup_gradients[op->lookup] + block->batch_row * n, d, block->count, n);
      break;
    }
    case TK_OP_DENSE: {
      if (op->weights_gradient < 0 && op->bias_gradient < 0 && !op->a_gradient) break;
      int ins = op->a_count / op->positions, outs = op->out_count / op->positions;
      for (int p = 0; p < op->positions; p++) {
        float *dy = PLACE(d, p * outs), *x = PLACE(a, p * ins);
        kernels->activate_back(op->choice, dy, PLACE(out, p * outs), outs);
        if (op->weights_gradient >= 0)
          kernels->outer_sums(shard_gradients + op->weights_gradient, x, ins, dy, outs);
        if (op->bias_gradient >= 0) kernels->row_sums(shard_gradients + op->bias_gradient, dy, outs);
        if (op->a_gradient) kernels->weighted_sums(PLACE(da, p * ins), ins, dy, outs, op->weights, 1, outs, 0, 1);
      }
      break;
    }
    case TK_OP_COPY:
      if (!op->a_gradient) break;
      for (int f = 0; f < op->a_count; f++) {
        float *target = PLACE(da, f), *source = PLACE(d, op->a_map[f]);
        for (int r = 0; r < TK_ROWS; r++) target[r] += source[r];
      }
      break;
    case TK_OP_COMBINE: {
      int multiplies = op->choice == TK_MULTIPLY;
      if (op->a_gradient) kernels->spread(da, op->a_map, d, op->out_count, 1, multiplies ? b : 0, op->b_map);
      if (op->b_gradient)
        kernels->spread(db, op->b_map, d, op->out_count, op->choice == TK_SUBTRACT ? -1 : 1, multiplies ? a : 0, op->a_map);
      break;
    }
    case TK_OP_AFFINE:
      if (op->a_gradient) kernels->affine(da, d, op->out_count, op->scale, 0, 1);
      break;
    case TK_OP_DROPOUT:
      if (op->a_gradient)
        for (int i = 0; i < op->out_count * TK_ROWS; i++) da[i] += d[i] * b[i];
      break;
    case TK_OP_DOT:
      if (op->a_gradient) dot_back(op, d, da, b, 0);
      if (op->b_gradient) dot_back(op, d, db, a, 1);
      break;
    }
  }
}
