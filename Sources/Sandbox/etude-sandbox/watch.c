#define _GNU_SOURCE
#include "watch.h"
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *open_in(int processes, const char *process, const char *name) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", process, name);
    int file = openat(processes, path, O_RDONLY | O_CLOEXEC);
    return file < 0 ? NULL : fdopen(file, "r");
}

// The sum of some lines of a file, in bytes.
static uint64_t sum(int processes, const char *process, const char *name, const char *const words[]) {
    FILE *file = open_in(processes, process, name);
    char line[256];
    uint64_t result = 0;
    while (file && fgets(line, sizeof line, file))
        for (int i = 0; words[i]; i++)
            if (strncmp(line, words[i], strlen(words[i])) == 0) result += strtoull(line + strlen(words[i]), NULL, 10) << 10;
    if (file) fclose(file);
    return result;
}

// Its own time and that of its children that have ended.
static uint64_t microseconds(int processes, const char *process) {
    FILE *file = open_in(processes, process, "stat");
    char line[1024] = "";
    if (file) {
        if (!fgets(line, sizeof line, file)) line[0] = 0;
        fclose(file);
    }
    // The name, in brackets, may hold anything.
    const char *rest = strrchr(line, ')');
    unsigned long own, system, children, children_system;
    if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu", &own, &system, &children, &children_system) != 4) return 0;
    return (own + system + children + children_system) * 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);
}

struct usage watch_box(pid_t first, uint64_t memory_limit) {
    static const char *const resident[] = {"RssAnon:", "RssShmem:", NULL}, *const proportional[] = {"Pss_Anon:", "Pss_Shmem:", NULL};
    struct usage usage = {0, 0};
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/root/proc", first);
    for (int is_exact = 0; is_exact < 2; is_exact++) {
        DIR *processes = opendir(path);
        if (!processes) return usage;
        usage = (struct usage){0, 0};
        for (struct dirent *entry; (entry = readdir(processes));) {
            if (!isdigit((unsigned char)entry->d_name[0])) continue;
            usage.memory += sum(dirfd(processes), entry->d_name, is_exact ? "smaps_rollup" : "status", is_exact ? proportional : resident);
            usage.microseconds += microseconds(dirfd(processes), entry->d_name);
        }
        closedir(processes);
        // Copies share most of their memory, and it is counted for each of them.
        if (usage.memory <= memory_limit) break;
    }
    return usage;
}
