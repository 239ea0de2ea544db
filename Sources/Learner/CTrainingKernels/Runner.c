#include "Runner.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// An update task covers about this many numbers: small enough for the first-level cache.
enum { update_numbers = 2048 };

static void *zeros(ptrdiff_t count, size_t size) {
  if (count < 1) count = 1;
  if ((size_t)count > (SIZE_MAX - 4096) / size) return 0;
  size_t bytes = ((size_t)count * size + 63) / 64 * 64;
  void *memory = aligned_alloc(64, bytes);
  if (memory) memset(memory, 0, bytes);
  return memory;
}

tk_runner *tk_runner_create(const tk_program *program, ptrdiff_t batch_size, int threads) {
  tk_runner *runner = calloc(1, sizeof *runner);
  if (!runner) return 0;
  runner->program = program;
  runner->kernels = tk_current_kernels();
  runner->batch_size = batch_size;
  runner->threads = threads < 1 ? 1 : threads > 64 ? 64 : threads;
  int whole = 1;
  runner->workers = calloc((size_t)runner->threads, sizeof(tk_worker));
  runner->lists = calloc((size_t)program->input_count + 1, sizeof(tk_lists));
  runner->lookup_gradients = calloc((size_t)program->lookup_count + 1, sizeof(float *));
  whole = runner->workers && runner->lists && runner->lookup_gradients;
  for (int t = 0; whole && t < runner->threads; t++) {
    tk_worker *w = &runner->workers[t];
    w->values = zeros((ptrdiff_t)program->features * TK_ROWS, sizeof(float));
    w->gradients = batch_size ? zeros((ptrdiff_t)program->features * TK_ROWS, sizeof(float)) : 0;
    w->target = zeros((ptrdiff_t)program->target_count * TK_ROWS, sizeof(float));
    whole = w->values && w->target && (w->gradients || !batch_size);
  }
  if (batch_size) {
    for (int i = 0; whole && i < program->input_count; i++) {
      if (!program->id_limits[i]) continue;
      tk_lists *l = &runner->lists[i];
      ptrdiff_t entries = batch_size * program->widths[i];
      l->heads = zeros(program->id_limits[i], sizeof(int32_t));
      l->next = zeros(entries, sizeof(int32_t));
      l->ids = zeros(entries, sizeof(int32_t));
      whole = l->heads && l->next && l->ids;
      if (whole) memset(l->heads, 0xff, sizeof(int32_t) * (size_t)program->id_limits[i]);
    }
    for (int k = 0; whole && k < program->lookup_count; k++) {
      const tk_lookup *lookup = &program->lookups[k];
      runner->lookup_gradients[k] =
          zeros(batch_size * program->widths[lookup->input] * lookup->width, sizeof(float));
      whole = runner->lookup_gradients[k] != 0;
    }
    for (int s = 0; whole && s < tk_shards; s++)
      whole = (runner->shard_gradients[s] = zeros(program->gradient_count, sizeof(float))) != 0;
  }
  if (whole) return runner;
  tk_runner_destroy(runner);
  return 0;
}

void tk_runner_destroy(tk_runner *runner) {
  if (!runner) return;
  for (int t = 0; runner->workers && t < runner->threads; t++) {
    free(runner->workers[t].values);
    free(runner->workers[t].gradients);
    free(runner->workers[t].target);
  }
  for (int i = 0; runner->lists && i < runner->program->input_count; i++) {
    free(runner->lists[i].heads);
    free(runner->lists[i].next);
    free(runner->lists[i].ids);
  }
  for (int k = 0; runner->lookup_gradients && k < runner->program->lookup_count; k++) free(runner->lookup_gradients[k]);
  for (int s = 0; s < tk_shards; s++) free(runner->shard_gradients[s]);
  free(runner->workers);
  free(runner->lists);
  free(runner->lookup_gradients);
  free(runner);
}

// The rows of the batch that hold each id, in row order: built from the last row, so each comes to the head.
static void build_lists(tk_runner *runner, int input, const tk_rows *rows) {
  tk_lists *lists = &runner->lists[input];
  ptrdiff_t width = runner->program->widths[input];
  for (ptrdiff_t e = 0; e < lists->filled; e++) lists->heads[lists->ids[e]] = -1;
  const int32_t *ids = rows->columns[input].ids;
  for (ptrdiff_t r = 0; r < rows->count; r++) {
    ptrdiff_t row = rows->first + r;
    if (rows->order) row = rows->order[row];
    for (ptrdiff_t l = 0; l < width; l++) lists->ids[r * width + l] = ids[row * width + l];
  }
  lists->filled = rows->count * width;
  for (ptrdiff_t e = lists->filled - 1; e >= 0; e--) {
    int32_t id = lists->ids[e];
    lists->next[e] = lists->heads[id];
    lists->heads[id] = (int32_t)e;
  }
}

// The scale of the loss's gradient: the loss is a mean over rows, and for some losses over the outputs.
static float gradient_scale(const tk_program *program, ptrdiff_t rows) {
  int mean_over_outputs = program->loss < TK_CATEGORICAL_CROSSENTROPY;
  return (float)(1.0 / ((double)rows * (mean_over_outputs ? program->output_count : 1)));
}

static void add_sums(tk_runner *runner, tk_worker *worker, int count, double *sums, float scale, float *d) {
  const tk_program *program = runner->program;
  const float *y = worker->values + (ptrdiff_t)program->output * TK_ROWS;
  sums[0] += runner->kernels->loss(program->loss, y, worker->target, program->output_count, count, scale, d);
  for (int m = 0; m < program->metric_count; m++)
    sums[1 + m] += runner->kernels->metric(program->metrics[m], y, worker->target, program->output_count, count);
}

// Forward and backward over one of the batch's fixed shards of rows.
static void run_shard(tk_runner *runner, tk_worker *worker, const tk_rows *batch, int shard, uint64_t mask_seed) {
  const tk_program *program = runner->program;
  memset(runner->shard_gradients[shard], 0, sizeof(float) * (size_t)program->gradient_count);
  memset(runner->shard_sums[shard], 0, sizeof runner->shard_sums[shard]);
  ptrdiff_t each = ((batch->count + tk_shards - 1) / tk_shards + TK_ROWS - 1) / TK_ROWS * TK_ROWS;
  ptrdiff_t end = each * (shard + 1) < batch->count ? each * (shard + 1) : batch->count;
  float scale = gradient_scale(program, batch->count);
  for (ptrdiff_t row = each * shard; row < end; row += TK_ROWS) {
    int count = end - row < TK_ROWS ? (int)(end - row) : TK_ROWS;
    tk_block block = {batch, row, count, row, mask_seed, 1};
    tk_forward(runner, worker, &block);
    tk_load_target(runner, worker, &block);
    memset(worker->gradients, 0, sizeof(float) * TK_ROWS * (size_t)program->features);
    add_sums(runner, worker, count, runner->shard_sums[shard], scale,
             worker->gradients + (ptrdiff_t)program->output * TK_ROWS);
    tk_backward(runner, worker, &block, runner->shard_gradients[shard]);
  }
}

static ptrdiff_t rows_a_task(const tk_parameter *p) {
  ptrdiff_t rows = update_numbers / (p->columns > 0 ? p->columns : 1);
  return rows < 1 ? 1 : rows;
}

static int task_count(const tk_parameter *p) {
  ptrdiff_t each = rows_a_task(p);
  return (int)((p->rows + each - 1) / each);
}

// The gradients of rows first..<end of a parameter, into out. 0 when all are zero.
static int collect(tk_runner *runner, const tk_parameter *p, ptrdiff_t first, ptrdiff_t end, float *out) {
  ptrdiff_t n = (end - first) * p->columns;
  if (p->gradient >= 0) {
    float *const *shards = runner->shard_gradients;
    ptrdiff_t at = p->gradient + first * p->columns;
    for (ptrdiff_t i = 0; i < n; i++)
      out[i] = (shards[0][at + i] + shards[1][at + i]) + (shards[2][at + i] + shards[3][at + i]);
    return 1;
  }
  int touched = 0;
  memset(out, 0, sizeof(float) * (size_t)n);
  for (int u = 0; u < p->lookup_count; u++) {
    const tk_lists *lists = &runner->lists[runner->program->lookups[p->lookups[u]].input];
    ptrdiff_t limit = runner->program->id_limits[runner->program->lookups[p->lookups[u]].input];
    const float *kept = runner->lookup_gradients[p->lookups[u]];
    for (ptrdiff_t r = first; r < end && r < limit; r++) {
      float *row = out + (r - first) * p->columns;
      for (int32_t e = lists->heads[r]; e >= 0; e = lists->next[e]) {
        const float *d = kept + (ptrdiff_t)e * p->columns;
        for (ptrdiff_t c = 0; c < p->columns; c++) row[c] += d[c];
        touched = 1;
      }
    }
  }
  return touched;
}

static void update(tk_runner *runner, int task, const tk_optimizer *optimizer, float step, float *scratch) {
  const tk_program *program = runner->program;
  int index = 0;
  while (task >= task_count(&program->parameters[index])) task -= task_count(&program->parameters[index++]);
  const tk_parameter *p = &program->parameters[index];
  ptrdiff_t first = task * rows_a_task(p), end = first + rows_a_task(p);
  if (end > p->rows) end = p->rows;
  int touched = collect(runner, p, first, end, scratch);
  ptrdiff_t at = first * p->columns, n = (end - first) * p->columns;
  if (optimizer->kind == TK_ADAM)
    runner->kernels->adam(p->values + at, p->first_moment + at, p->second_moment + at, scratch, n, step,
                          (float)(1 - optimizer->beta1), (float)(1 - optimizer->beta2), (float)optimizer->epsilon);
  else if (touched || p->first_moment)
    runner->kernels->sgd(p->values + at, p->first_moment ? p->first_moment + at : 0, scratch, n,
                         (float)optimizer->rate, (float)optimizer->momentum);
}

typedef struct {
  tk_runner *runner;
  tk_rows rows;
  ptrdiff_t batch_size, first_batch, batches;
  uint64_t seed;
  tk_optimizer *optimizer;
  double *sums;
  ptrdiff_t failed;
  int update_tasks;
} training;

static void train(void *context, int member, tk_team *team) {
  training *t = context;
  tk_runner *runner = t->runner;
  const tk_program *program = runner->program;
  ptrdiff_t scratch_count = update_numbers;
  for (int k = 0; k < program->parameter_count; k++)
    if (program->parameters[k].columns > scratch_count) scratch_count = program->parameters[k].columns;
  float *scratch = zeros(scratch_count, sizeof(float));
  tk_optimizer optimizer = *t->optimizer;
  int first_shard = program->input_count;
  for (ptrdiff_t b = t->first_batch; b < t->first_batch + t->batches; b++) {
    tk_rows batch = t->rows;
    batch.first += b * t->batch_size;
    batch.count = t->rows.count - b * t->batch_size;
    if (batch.count > t->batch_size) batch.count = t->batch_size;
    uint64_t mask_seed = t->seed + (uint64_t)b * 0xA0761D6478BD642Full;
    for (int task; (task = tk_next_task(team)) < first_shard + tk_shards;) {
      if (task >= first_shard) run_shard(runner, &runner->workers[member], &batch, task - first_shard, mask_seed);
      else if (program->id_limits[task]) build_lists(runner, task, &batch);
    }
    tk_team_barrier(team);
    double sums[tk_most_sums];
    for (int k = 0; k <= program->metric_count; k++)
      sums[k] = (runner->shard_sums[0][k] + runner->shard_sums[1][k]) + (runner->shard_sums[2][k] + runner->shard_sums[3][k]);
    if (!(fabs(sums[0]) <= 3e38)) {
      // All members see the same sums, and stop here together.
      if (member == 0) t->failed = b;
      break;
    }
    if (member == 0)
      for (int k = 0; k <= program->metric_count; k++) t->sums[k] += sums[k];
    optimizer.steps++;
    optimizer.beta1_power *= optimizer.beta1;
    optimizer.beta2_power *= optimizer.beta2;
    float step = (float)(optimizer.rate * sqrt(1 - optimizer.beta2_power) / (1 - optimizer.beta1_power));
    for (int task; (task = tk_next_task(team)) < t->update_tasks;)
      update(runner, task, &optimizer, step, scratch);
    tk_team_barrier(team);
  }
  if (member == 0) *t->optimizer = optimizer;
  free(scratch);
}

ptrdiff_t tk_train(tk_runner *runner, tk_rows rows, ptrdiff_t batch_size, ptrdiff_t first_batch, ptrdiff_t batches,
                   int threads, uint64_t seed, tk_optimizer *optimizer, double *sums) {
  int update_tasks = 0;
  for (int k = 0; k < runner->program->parameter_count; k++) update_tasks += task_count(&runner->program->parameters[k]);
  training t = {runner, rows, batch_size, first_batch, batches, seed, optimizer, sums, -1, update_tasks};
  tk_team_run(threads < runner->threads ? threads : runner->threads, train, &t);
  return t.failed;
}

void tk_gradients(tk_runner *runner, tk_rows rows, uint64_t seed, double *sums, float *gradients) {
  for (int i = 0; i < runner->program->input_count; i++)
    if (runner->program->id_limits[i]) build_lists(runner, i, &rows);
  for (int s = 0; s < tk_shards; s++) run_shard(runner, &runner->workers[0], &rows, s, seed);
  for (int k = 0; k <= runner->program->metric_count; k++)
    for (int s = 0; s < tk_shards; s++) sums[k] += runner->shard_sums[s][k];
  for (int k = 0; k < runner->program->parameter_count; k++) {
    const tk_parameter *p = &runner->program->parameters[k];
    collect(runner, p, 0, p->rows, gradients);
    gradients += p->rows * p->columns;
  }
}

typedef struct {
  tk_runner *runner;
  tk_rows rows;
  double *piece_sums;  // [pieces][tk_most_sums], or null when predicting
  float *out;
  ptrdiff_t pieces;
} inference;

static void infer(void *context, int member, tk_team *team) {
  inference *job = context;
  tk_runner *runner = job->runner;
  const tk_program *program = runner->program;
  tk_worker *worker = &runner->workers[member];
  for (ptrdiff_t piece; (piece = tk_next_task(team)) < job->pieces;) {
    ptrdiff_t end = (piece + 1) * tk_evaluation_rows;
    if (end > job->rows.count) end = job->rows.count;
    for (ptrdiff_t row = piece * tk_evaluation_rows; row < end; row += TK_ROWS) {
      int count = end - row < TK_ROWS ? (int)(end - row) : TK_ROWS;
      tk_block block = {&job->rows, row, count, row, 0, 0};
      tk_forward(runner, worker, &block);
      if (job->piece_sums) {
        tk_load_target(runner, worker, &block);
        add_sums(runner, worker, count, job->piece_sums + piece * tk_most_sums, 0, 0);
      } else {
        const float *y = worker->values + (ptrdiff_t)program->output * TK_ROWS;
        for (int r = 0; r < count; r++)
          for (int f = 0; f < program->output_count; f++)
            job->out[(row + r) * program->output_count + f] = y[f * TK_ROWS + r];
      }
    }
  }
}

static int run_inference(tk_runner *runner, tk_rows rows, double *sums, float *out) {
  inference job = {runner, rows, 0, out, (rows.count + tk_evaluation_rows - 1) / tk_evaluation_rows};
  if (sums && !(job.piece_sums = zeros(job.pieces * tk_most_sums, sizeof(double)))) return 0;
  tk_team_run(job.pieces < runner->threads ? (int)job.pieces : runner->threads, infer, &job);
  if (sums)
    for (ptrdiff_t p = 0; p < job.pieces; p++)
      for (int k = 0; k <= runner->program->metric_count; k++) sums[k] += job.piece_sums[p * tk_most_sums + k];
  free(job.piece_sums);
  return 1;
}

int tk_evaluate(tk_runner *runner, tk_rows rows, double *sums) { return run_inference(runner, rows, sums, 0); }

void tk_predict(tk_runner *runner, tk_rows rows, float *out) { run_inference(runner, rows, 0, out); }
