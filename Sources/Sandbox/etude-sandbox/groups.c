#define _GNU_SOURCE
#include "groups.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char prefix[] = "etude-box-";

static bool put(const char *folder, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool put(const char *folder, const char *name, const char *format, ...) {
    char path[600], text[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool is_written = write(file, text, (size_t)length) == length;
    close(file);
    return is_written;
}

// The number in a group's file: the only one, or the one behind a word.
static uint64_t number(const char *folder, const char *name, const char *word) {
    char path[600], line[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    uint64_t result = 0;
    while (fgets(line, sizeof line, file)) {
        if (!word) result = strtoull(line, NULL, 10);
        else if (strncmp(line, word, strlen(word)) == 0 && line[strlen(word)] == ' ') result = strtoull(line + strlen(word), NULL, 10);
        else continue;
        break;
    }
    fclose(file);
    return result;
}

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

// Where this process is among the groups of a controller ("" for version 2), as the system tells it.
static bool own_place(const char *controller, char *place, size_t size) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[600];
    bool is_found = false;
    while (file && !is_found && fgets(line, sizeof line, file)) {
        char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;
        if (!path) continue;
        *path++ = 0;
        path[strcspn(path, "\n")] = 0;
        for (char *name = strtok(names + 1, ","); !is_found; name = strtok(NULL, ",")) {
            is_found = strcmp(name ? name : "", controller) == 0;
            if (!name) break;
        }
        if (is_found) snprintf(place, size, "%s", strcmp(path, "/") == 0 ? "" : path);
    }
    if (file) fclose(file);
    return is_found;
}

// A launcher that was killed could not clear away.
static void sweep(const char *parent) {
    DIR *folder = opendir(parent);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) != 0) continue;
        pid_t launcher = atoi(entry->d_name + sizeof prefix - 1);
        if (launcher > 0 && kill(launcher, 0) != 0 && errno == ESRCH) unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
    }
    if (folder) closedir(folder);
}

static bool make(const char *parent, char *group, size_t size) {
    sweep(parent);
    int length = snprintf(group, size, "%s/%s%d", parent, prefix, getpid());
    return length > 0 && (size_t)length < size && (mkdir(group, 0755) == 0 || errno == EEXIST);
}

// Below the launcher's own group, so that what bounds that bounds the box; in a container, the place that the system
// tells may not be in sight.
static bool make_below_own(const char *controller, const char *mount, char *group, size_t size) {
    char place[400], parent[500];
    if (!own_place(controller, place, sizeof place) || !is_folder(mount)) return false;
    snprintf(parent, sizeof parent, "%s%s", mount, place);
    return make(is_folder(parent) ? parent : mount, group, size);
}

static bool make_v1(struct groups *groups, const struct box *box) {
    if (!make_below_own("memory", "/sys/fs/cgroup/memory", groups->memory, sizeof groups->memory)) return false;
    if (!make_below_own("pids", "/sys/fs/cgroup/pids", groups->processes, sizeof groups->processes)) return false;
    if (!make_below_own("cpuacct", "/sys/fs/cgroup/cpuacct", groups->time, sizeof groups->time) &&
        !make_below_own("cpuacct", "/sys/fs/cgroup/cpu,cpuacct", groups->time, sizeof groups->time)) return false;
    // Where swap is counted too, it is no way out.
    bool is_limited = put(groups->memory, "memory.limit_in_bytes", "%lu", box->memory);
    put(groups->memory, "memory.memsw.limit_in_bytes", "%lu", box->memory);
    return is_limited && put(groups->processes, "pids.max", "%lu", box->processes);
}

// A group can hold processes or other groups. So a box's group stands beside the launcher's own, where that has been
// given to this user, or at the top for root.
static bool make_v2(struct groups *groups, const struct box *box) {
    char place[400], parent[500];
    if (access("/sys/fs/cgroup/cgroup.controllers", R_OK) != 0 || !own_place("", place, sizeof place)) return false;
    char *last = strrchr(place, '/');
    if (last) *last = 0;
    snprintf(parent, sizeof parent, "/sys/fs/cgroup%s", geteuid() == 0 ? "" : place);
    // For each of the two: it may be there already, or not be ours to give.
    put(parent, "cgroup.subtree_control", "+memory");
    put(parent, "cgroup.subtree_control", "+pids");
    if (!make(parent, groups->memory, sizeof groups->memory)) return false;
    memcpy(groups->processes, groups->memory, sizeof groups->memory);
    memcpy(groups->time, groups->memory, sizeof groups->memory);
    put(groups->memory, "memory.swap.max", "0");
    return put(groups->memory, "memory.max", "%lu", box->memory) && put(groups->memory, "pids.max", "%lu", box->processes);
}

void groups_make(struct groups *groups, const struct box *box) {
    *groups = (struct groups){.kind = GROUPS_V2};
    if (make_v2(groups, box)) return;
    groups_remove(groups);
    *groups = (struct groups){.kind = GROUPS_V1};
    if (make_v1(groups, box)) return;
    groups_remove(groups);
    *groups = (struct groups){.kind = GROUPS_NONE};
}

bool groups_enter(const struct groups *groups) {
    switch (groups->kind) {
    case GROUPS_NONE: return true;
    case GROUPS_V2: return put(groups->memory, "cgroup.procs", "0");
    case GROUPS_V1:
        return put(groups->memory, "cgroup.procs", "0") && put(groups->processes, "cgroup.procs", "0") && put(groups->time, "cgroup.procs", "0");
    }
    return false;
}

uint64_t groups_time(const struct groups *groups) {
    switch (groups->kind) {
    case GROUPS_V1: return number(groups->time, "cpuacct.usage", NULL) / 1000;
    case GROUPS_V2: return number(groups->time, "cpu.stat", "usage_usec");
    default: return 0;
    }
}

uint64_t groups_peak(const struct groups *groups) {
    switch (groups->kind) {
    case GROUPS_V1: return number(groups->memory, "memory.max_usage_in_bytes", NULL);
    case GROUPS_V2: return number(groups->memory, "memory.peak", NULL);
    default: return 0;
    }
}

uint64_t groups_memory_deaths(const struct groups *groups) {
    switch (groups->kind) {
    case GROUPS_V1: return number(groups->memory, "memory.oom_control", "oom_kill");
    case GROUPS_V2: return number(groups->memory, "memory.events", "oom_kill");
    default: return 0;
    }
}

void groups_remove(const struct groups *groups) {
    const char *folders[] = {groups->memory, groups->processes, groups->time};
    for (int i = 0; i < 3; i++) {
        // Busy until the system has done with the last of the dead.
        for (int round = 0; round < 200 && folders[i][0] && rmdir(folders[i]) != 0 && errno == EBUSY; round++) usleep(round < 20 ? 1000 : 10000);
    }
}
