// A process copies itself before a cell runs: the copy runs the cell, and the process stays as it was.
#pragma once
#include "CSession.h"

int snapshots_count_threads(void);
enum etude_fork_side snapshots_fork(int *failure);
// What every process in which cells live sets for itself.
void snapshots_settle(void);
