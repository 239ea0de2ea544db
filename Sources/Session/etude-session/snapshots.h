// A process copies itself before a cell runs: the copy runs the cell, and the process stays as it was.
#pragma once
#include "CSession.h"

int snapshots_count_threads(void);
// Before a cell runs, or answers are asked for: the process leaves the state in which it slept.
void snapshots_begin_work(bool is_cell);
enum etude_fork_side snapshots_fork(int *failure);
// What every process in which cells live sets for itself.
void snapshots_settle(void);
