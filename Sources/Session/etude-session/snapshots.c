#define _GNU_SOURCE
#include "snapshots.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int count_threads_now(void) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return 1;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(tasks));) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

// A thread that has been joined may be seen for a moment more.
int snapshots_count_threads(void) {
    int count = count_threads_now();
    for (int i = 0; i < 20 && count > 1; i++) {
        usleep(500);
        count = count_threads_now();
    }
    return count;
}

// The place in an open file is one for all processes that have it open: a cell that reads on in a file moves it for the
// others too. So a process notes the places when a copy is made, copies keep the note, and whichever works first goes
// there before.
enum { MOST_FILES = 1024 };
static struct { int descriptor; off_t place; } files[MOST_FILES];
static int file_count = -1;

static void note_places(void) {
    if (file_count >= 0) return;
    file_count = 0;
    DIR *open_files = opendir("/proc/self/fd");
    if (!open_files) return;
    for (struct dirent *entry; (entry = readdir(open_files)) && file_count < MOST_FILES;) {
        int descriptor = atoi(entry->d_name);
        struct stat status;
        if (descriptor <= ETUDE_FRAMES || descriptor == dirfd(open_files)) continue;
        if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) continue;
        files[file_count].descriptor = descriptor;
        files[file_count++].place = lseek(descriptor, 0, SEEK_CUR);
    }
    closedir(open_files);
}

static void go_to_places(void) {
    for (int i = 0; i < file_count; i++) lseek(files[i].descriptor, files[i].place, SEEK_SET);
    file_count = -1;
}

// The copy's standard output and error, its socket and its pipe of frames, in this order.
enum { DESCRIPTORS = 4 };
static const int places[DESCRIPTORS] = {1, 2, ETUDE_SOCKET, ETUDE_FRAMES};

// Standard output and error once more: a cell may close them, or send them elsewhere, for itself.
static int spares[2] = {-1, -1};

static void open_streams(void) {
    for (int i = 0; i < 2; i++)
        if (spares[i] >= 0) dup2(spares[i], places[i]);
}

// Returns 0, or the error number.
static int receive_descriptors(int descriptors[DESCRIPTORS]) {
    char byte;
    union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int[DESCRIPTORS]))]; } control;
    struct iovec data = {&byte, 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t count;
    // A cell may have made the socket one that does not wait.
    struct pollfd readable = {ETUDE_SOCKET, POLLIN, 0};
    while ((count = recvmsg(ETUDE_SOCKET, &message, MSG_CMSG_CLOEXEC)) < 0 && (errno == EINTR || errno == EAGAIN)) poll(&readable, 1, -1);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    // Cut where the cells' own limit of open files leaves no room.
    if (count == 1 && message.msg_flags & MSG_CTRUNC) return EMFILE;
    if (count != 1 || !header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int[DESCRIPTORS]))) return EPROTO;
    memcpy(descriptors, CMSG_DATA(header), sizeof(int[DESCRIPTORS]));
    // Out of the way of the numbers that they will get: a cell may have closed some of those.
    for (int i = 0; i < DESCRIPTORS; i++) {
        int moved = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 64);
        close(descriptors[i]);
        descriptors[i] = moved;
    }
    for (int i = 0; i < DESCRIPTORS; i++) {
        if (descriptors[i] >= 0) continue;
        for (int j = 0; j < DESCRIPTORS; j++) close(descriptors[j]);
        return EMFILE;
    }
    return 0;
}

// A process that a cell forks or starts is not the session, and can't speak for it.
static void forget_host(void) {
    close(ETUDE_SOCKET);
    close(ETUDE_FRAMES);
}

static pid_t keeper;

void snapshots_settle(void) {
    static bool is_first = true;
    if (is_first) {
        is_first = false;
        keeper = getppid();
        pthread_atfork(NULL, NULL, forget_host);
        for (int i = 0; i < 2; i++) spares[i] = fcntl(places[i], F_DUPFD_CLOEXEC, 64);
        // Where memory runs out, a session goes before the program that keeps it.
        FILE *score = fopen("/proc/self/oom_score_adj", "w");
        if (score) { fputs("500", score); fclose(score); }
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) _exit(0);
    fcntl(ETUDE_SOCKET, F_SETFD, FD_CLOEXEC);
    fcntl(ETUDE_FRAMES, F_SETFD, FD_CLOEXEC);
}

static int hold_group(void *nothing) {
    (void)nothing;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) poll(NULL, 0, -1);
}

// What a cell starts is in a process group with the process in which the cell runs, and with the copies that sleep in
// the state after it; so it can be ended with them. A new group needs a process to be named after, for a moment.
static bool has_group;

static void take_group(void) {
    static _Alignas(16) char stack[1 << 14];
    pid_t holder = clone(hold_group, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
    if (holder < 0) return;
    has_group = setpgid(holder, holder) == 0 && setpgid(0, holder) == 0;
    kill(holder, SIGKILL);
    while (waitpid(holder, NULL, 0) < 0 && errno == EINTR) {}
}

// Timers and signals that an earlier cell has left are not for the next one.
static void forget_timers(void) {
    const struct itimerval none = {0};
    setitimer(ITIMER_REAL, &none, NULL);
    setitimer(ITIMER_VIRTUAL, &none, NULL);
    setitimer(ITIMER_PROF, &none, NULL);
    sigset_t pending;
    const struct timespec now = {0};
    sigpending(&pending);
    while (sigtimedwait(&pending, NULL, &now) > 0) {}
}

void snapshots_begin_work(bool is_cell) {
    go_to_places();
    if (is_cell) {
        open_streams();
        forget_timers();
    }
    if (is_cell || !has_group) take_group();
}

enum etude_fork_side snapshots_fork(int *failure) {
    int descriptors[DESCRIPTORS];
    if ((*failure = receive_descriptors(descriptors)) != 0) return ETUDE_FORK_FAILED;
    note_places();
    // A cell may have asked for the processes that its own leave alone; a copy is to be the keeper's.
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    enum etude_fork_side side = ETUDE_PARENT;
    // A child of a child that ends at once becomes the keeper's. The one in between works in this process's own memory
    // while this waits, so that only one copy of it is made: with gigabytes, copying the page tables takes milliseconds.
    pid_t between = vfork();
    if (between == 0) {
        pid_t parent = getpid(), copy = fork();
        if (copy != 0) _exit(copy < 0 ? errno : 0);
        while (getppid() == parent) sched_yield();
        side = ETUDE_CHILD;
        for (int i = 0; i < DESCRIPTORS; i++) dup2(descriptors[i], places[i]);
        for (int i = 0; i < 2; i++) {
            close(spares[i]);
            spares[i] = descriptors[i];
        }
        snapshots_settle();
        has_group = false;
    }
    for (int i = side == ETUDE_CHILD ? 2 : 0; i < DESCRIPTORS; i++) close(descriptors[i]);
    if (side == ETUDE_CHILD) return side;
    int status = 0;
    if (between < 0) *failure = errno;
    else if (waitpid(between, &status, 0) == between && status != 0) *failure = WIFEXITED(status) ? WEXITSTATUS(status) : EAGAIN;
    return *failure ? ETUDE_FORK_FAILED : ETUDE_PARENT;
}
