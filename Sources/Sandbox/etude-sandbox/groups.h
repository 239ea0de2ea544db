// A box's control groups, where the system has some to give: its memory, its processes and its time as a whole.
#pragma once
#include "box.h"

enum group_kind { GROUPS_NONE, GROUPS_V1, GROUPS_V2 };

struct groups {
    enum group_kind kind;
    // Version 1 has a folder for each kind of limit, version 2 one for all.
    char memory[512], processes[512], time[512];
};

// Makes the groups; their kind is GROUPS_NONE where there are none to be had. Clears away those of launchers that are gone.
void groups_make(struct groups *groups, const struct box *box);
// Puts the calling process into the groups. Returns whether that worked.
bool groups_enter(const struct groups *groups);
// The microseconds of processor time that the box has used, its largest memory in bytes, and how many of its processes the
// system has ended for want of memory.
uint64_t groups_time(const struct groups *groups);
uint64_t groups_peak(const struct groups *groups);
uint64_t groups_memory_deaths(const struct groups *groups);
// Takes the groups away, once the last of their processes is gone.
void groups_remove(const struct groups *groups);
