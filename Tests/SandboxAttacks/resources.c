// More than a box's share: processes, memory, files, time. All of them stop at a size that a machine endures.
#define _GNU_SOURCE
#include "attacks.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 300, MEGABYTE = 1 << 20 };

// Forks until that fails or there are enough; none lives on.
static enum outcome fork_many(int is_ended) {
    static pid_t children[MANY];
    int count = 0;
    while (count < MANY && (children[count] = fork()) >= 0) {
        if (children[count] == 0) {
            if (is_ended) _exit(0);
            while (1) pause();
        }
        count++;
    }
    for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
    for (int i = 0; i < count; i++) waitpid(children[i], NULL, 0);
    return count == MANY ? DONE : HELD;
}
static enum outcome fork_bomb(struct target target) { (void)target; return fork_many(0); }
static enum outcome zombies(struct target target) { (void)target; return fork_many(1); }

static enum outcome clone_bomb(struct target target) {
    (void)target;
    int count = 0;
    pid_t children[MANY];
    while (count < MANY && (children[count] = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)) >= 0) {
        if (children[count] == 0) while (1) pause();
        count++;
    }
    for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
    for (int i = 0; i < count; i++) waitpid(children[i], NULL, 0);
    return count == MANY ? DONE : HELD;
}

static void *rest(void *nothing) { (void)nothing; while (1) pause(); return NULL; }
static enum outcome thread_bomb(struct target target) {
    (void)target;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 16);
    pthread_t thread;
    for (int i = 0; i < MANY; i++)
        if (pthread_create(&thread, &attributes, rest, NULL) != 0) return HELD;
    return DONE;
}

static enum outcome touch(char *memory, size_t size) {
    if (memory == MAP_FAILED) return HELD;
    for (size_t i = 0; i < size; i += 4096) memory[i] = 1;
    return DONE;
}

enum { MUCH = 256 * MEGABYTE };
static enum outcome memory(struct target target) {
    (void)target;
    return touch(mmap(NULL, MUCH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MUCH);
}
static enum outcome shared_memory(struct target target) {
    (void)target;
    return touch(mmap(NULL, MUCH, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), MUCH);
}
static enum outcome memory_by_brk(struct target target) {
    (void)target;
    char *start = sbrk(MUCH);
    return start == (char *)-1 ? HELD : touch(start, MUCH);
}
static enum outcome growing_stack(struct target target) {
    (void)target;
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_STACK, &limit) == 0 ? DONE : HELD;
}
// Each has little, together they have much. They say so through a pipe, and stay until all have, or are no more.
static enum outcome memory_together(struct target target) {
    (void)target;
    int told[2], done[2], count = 0;
    if (pipe(told) != 0 || pipe(done) != 0) return HELD;
    pid_t children[8];
    for (int i = 0; i < 8; i++) {
        if ((children[i] = fork()) != 0) continue;
        size_t size = 40 * MEGABYTE;
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory != MAP_FAILED) {
            memset(memory, 1, size);
            if (write(told[1], "x", 1) != 1) _exit(1);
        }
        close(told[1]);
        close(done[1]);
        char byte;
        _exit(read(done[0], &byte, 1) < 0);
    }
    close(told[1]);
    char byte;
    while (read(told[0], &byte, 1) == 1) count++;
    close(done[1]);
    for (int i = 0; i < 8; i++) waitpid(children[i], NULL, 0);
    return count == 8 ? DONE : HELD;
}
static enum outcome address_space(struct target target) {
    (void)target;
    return mmap(NULL, 1ul << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED ? HELD : DONE;
}
static enum outcome locked_memory(struct target target) {
    (void)target;
    void *memory = mmap(NULL, 32 * MEGABYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && mlock(memory, 32 * MEGABYTE) == 0 ? DONE : HELD;
}
static enum outcome memory_file(struct target target) {
    (void)target;
    int file = (int)syscall(SYS_memfd_create, "x", 0);
    static char block[MEGABYTE];
    for (int i = 0; file >= 0 && i < 64; i++)
        if (write(file, block, sizeof block) != sizeof block) return HELD;
    return file >= 0 ? DONE : HELD;
}

static enum outcome fill(const char *path) {
    static char block[MEGABYTE];
    int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600), written = 0;
    signal(SIGXFSZ, SIG_IGN);
    while (file >= 0 && written < 48 && write(file, block, sizeof block) == sizeof block) written++;
    unlink(path);
    return written == 48 ? DONE : HELD;
}
static enum outcome fill_tmp(struct target target) { (void)target; return fill("/tmp/etude-attack-fill"); }
static enum outcome fill_shm(struct target target) { (void)target; return fill("/dev/shm/etude-attack-fill"); }
static enum outcome fill_dev(struct target target) { (void)target; return fill("/dev/etude-attack-fill"); }
static enum outcome fill_root(struct target target) { (void)target; return fill("/etude-attack-fill"); }
static enum outcome fill_cells(struct target target) { (void)target; mkdir("/cells", 0755); return fill("/cells/etude-attack-fill"); }

// Many small files, each within the limit of one.
static enum outcome fill_with_many(struct target target) {
    (void)target;
    static char block[MEGABYTE];
    char name[64];
    int written = 0;
    for (; written < 48; written++) {
        snprintf(name, sizeof name, "/tmp/etude-attack-%d", written);
        int file = open(name, O_CREAT | O_WRONLY, 0600);
        if (file < 0 || write(file, block, sizeof block) != sizeof block) break;
        close(file);
    }
    for (int i = 0; i <= written; i++) {
        snprintf(name, sizeof name, "/tmp/etude-attack-%d", i);
        unlink(name);
    }
    return written == 48 ? DONE : HELD;
}
static enum outcome empty_files(struct target target) {
    (void)target;
    char name[64];
    int count = 0;
    mkdir("/tmp/etude-attack", 0700);
    for (; count < 3000; count++) {
        snprintf(name, sizeof name, "/tmp/etude-attack/%d", count);
        int file = open(name, O_CREAT | O_WRONLY, 0600);
        if (file < 0) break;
        close(file);
    }
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "/tmp/etude-attack/%d", i);
        unlink(name);
    }
    rmdir("/tmp/etude-attack");
    return count == 3000 ? DONE : HELD;
}
static enum outcome deep_folders(struct target target) {
    (void)target;
    int depth = 0;
    if (chdir("/tmp") != 0) return HELD;
    while (depth < 2000 && mkdir("etude-attack-d", 0700) == 0 && chdir("etude-attack-d") == 0) depth++;
    for (int i = 0; i < depth && chdir("..") == 0; i++) rmdir("etude-attack-d");
    rmdir("etude-attack-d");
    return depth == 2000 ? DONE : HELD;
}
static enum outcome sparse_file(struct target target) {
    (void)target;
    signal(SIGXFSZ, SIG_IGN);
    int file = open("/tmp/etude-attack-sparse", O_CREAT | O_RDWR, 0600);
    enum outcome outcome = file >= 0 && ftruncate(file, 1l << 30) == 0 ? DONE : HELD;
    unlink("/tmp/etude-attack-sparse");
    return outcome;
}
static enum outcome descriptors(struct target target) {
    (void)target;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 0; i < 1000; i++)
        if (open("/dev/null", O_RDONLY) < 0) return HELD;
    return DONE;
}
static enum outcome pipe_buffers(struct target target) {
    (void)target;
    static char block[MEGABYTE];
    for (int i = 0; i < 200; i++) {
        int ends[2];
        if (pipe2(ends, O_NONBLOCK) != 0) return HELD;
        fcntl(ends[1], F_SETPIPE_SZ, MEGABYTE);
        if (write(ends[1], block, sizeof block) < 0) return HELD;
    }
    return DONE;
}
static enum outcome timers(struct target target) {
    (void)target;
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    for (int i = 0; i < 1000; i++)
        if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return HELD;
    return DONE;
}
static enum outcome raise_limits(struct target target) {
    (void)target;
    const int limits[] = {RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE};
    const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (setrlimit(limits[i], &limit) != 0) return HELD;
    return DONE;
}
static enum outcome core_dump(struct target target) {
    (void)target;
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_CORE, &limit) == 0 ? DONE : HELD;
}
static enum outcome realtime(struct target target) {
    (void)target;
    struct sched_param parameters = {.sched_priority = 1};
    return sched_setscheduler(0, SCHED_FIFO, &parameters) == 0 ? DONE : HELD;
}
static enum outcome priority(struct target target) { (void)target; return setpriority(PRIO_PROCESS, 0, -5) == 0 ? DONE : HELD; }
static enum outcome chosen_processor(struct target target) {
    (void)target;
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0 ? DONE : HELD;
}

// These do not return: what is looked at is how they end. In a careless place, they do not.
static void ignore_all(void) { for (int i = 1; i < 32; i++) signal(i, SIG_IGN); }
static enum outcome endless_spin(struct target target) { (void)target; ignore_all(); while (1) {} }
static enum outcome endless_sleep(struct target target) { (void)target; ignore_all(); while (1) pause(); }
static enum outcome endless_stop(struct target target) {
    (void)target;
    // The first process of a box can't be stopped from inside; its child can.
    pid_t child = fork();
    if (child == 0) while (1) raise(SIGSTOP);
    while (1) waitpid(child, NULL, WUNTRACED);
}
// No process has much time, all have.
static enum outcome endless_relay(struct target target) {
    (void)target;
    while (1) {
        pid_t child = fork();
        if (child == 0) {
            clock_t end = clock() + CLOCKS_PER_SEC / 5;
            while (clock() < end) {}
            _exit(0);
        }
        if (child > 0) waitpid(child, NULL, 0);
    }
}
static enum outcome endless_forks(struct target target) {
    (void)target;
    ignore_all();
    for (int i = 0; i < 8; i++) fork();
    while (1) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        waitpid(-1, NULL, 0);
    }
}
static enum outcome endless_output(struct target target) {
    (void)target;
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    while (1) if (write(1, block, sizeof block) < 0) return HELD;
}

const struct attack resources[] = {
    {"fork-bomb", HOST, fork_bomb}, {"zombies", HOST, zombies}, {"clone-bomb", HOST, clone_bomb}, {"thread-bomb", HOST, thread_bomb},
    {"memory", HOST, memory}, {"shared-memory", HOST, shared_memory}, {"memory-by-brk", HOST, memory_by_brk}, {"growing-stack", HOST, growing_stack},
    {"memory-together", HOST, memory_together}, {"address-space", HOST, address_space}, {"locked-memory", HOST, locked_memory},
    {"memory-file", EMPTY_BOX, memory_file}, {"fill-tmp", EMPTY_BOX, fill_tmp}, {"fill-shm", EMPTY_BOX, fill_shm}, {"fill-dev", EMPTY_BOX, fill_dev},
    {"fill-root", EMPTY_BOX, fill_root}, {"fill-cells", EMPTY_BOX, fill_cells}, {"fill-with-many", EMPTY_BOX, fill_with_many},
    {"empty-files", EMPTY_BOX, empty_files}, {"deep-folders", EMPTY_BOX, deep_folders}, {"sparse-file", EMPTY_BOX, sparse_file},
    {"descriptors", HOST, descriptors}, {"pipe-buffers", HOST, pipe_buffers}, {"timers", HOST, timers}, {"raise-limits", HOST, raise_limits},
    {"core-dump", HOST, core_dump}, {"realtime", HOST, realtime}, {"priority", HOST, priority}, {"chosen-processor", HOST, chosen_processor},
    {"endless-spin", EMPTY_BOX, endless_spin}, {"endless-sleep", EMPTY_BOX, endless_sleep},
    {"endless-stop", EMPTY_BOX, endless_stop}, {"endless-relay", EMPTY_BOX, endless_relay}, {"endless-forks", EMPTY_BOX, endless_forks},
    {"endless-output", EMPTY_BOX, endless_output}, {0},
};
