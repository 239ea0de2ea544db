#define _GNU_SOURCE
#include "keeper.h"
#include "CSession.h"
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// From the host: what to do with a process. To the host: a process, and the status that `wait` gave.
struct request { int32_t action, process; };
struct ending { int32_t process, status; };
enum { INTERRUPT = 1, END = 2, RELEASE = 3, WAKE = 4 };

// The groups of the processes that ended last: what a cell started may go on in one.
enum { MOST_ENDED = 4096 };
static struct ended { pid_t process, group, session; } ended[MOST_ENDED];
static int ended_count;

static void remember_end(pid_t process) {
    ended[ended_count] = (struct ended){process, getpgid(process), getsid(process)};
    ended_count = (ended_count + 1) % MOST_ENDED;
}

// Ends what has stayed in the group of a process that has been reaped. The group's number may be another's by now, so
// each process is looked at.
static void end_group_of_ended(pid_t process) {
    for (int i = 0; i < MOST_ENDED; i++) {
        if (ended[i].process != process) continue;
        ended[i].process = 0;
        DIR *processes = opendir("/proc");
        for (struct dirent *entry; processes && (entry = readdir(processes));) {
            pid_t other = atoi(entry->d_name);
            if (other > 1 && getpgid(other) == ended[i].group && getsid(other) == ended[i].session) kill(other, SIGKILL);
        }
        if (processes) closedir(processes);
        return;
    }
}

static bool is_child(pid_t process) {
    siginfo_t info;
    return process > 1 && waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void carry_out(struct request request) {
    pid_t process = request.process;
    if (!is_child(process)) {
        if (request.action == END) end_group_of_ended(process);
        return;
    }
    // No group of the host's: the processes in which cells live are in a session of their own.
    pid_t group = getpgid(process);
    switch (request.action) {
    // One that a cell has stopped goes on, so that the signal reaches it.
    case INTERRUPT: kill(-group, SIGINT); kill(-group, SIGCONT); break;
    case WAKE: kill(process, SIGCONT); break;
    case END: kill(-group, SIGKILL); break;
    case RELEASE: kill(process, SIGKILL); break;
    }
}

// Reaps what has ended, so much at a time: a cell that leaves dead processes without end can't keep the host waiting.
// Returns whether there may be more.
static bool reap(void) {
    for (int i = 0; i < 64; i++) {
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return false;
        struct ending ending = {info.si_pid, 0};
        remember_end(ending.process);
        waitpid(ending.process, &ending.status, 0);
        // A host that does not listen misses it: there may be no end of processes that a cell leaves.
        send(ETUDE_KEEPER, &ending, sizeof ending, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    return true;
}

// Ends all that is below. Children of the ended become this process's own, until there are none.
static void end_all(void) {
    for (int round = 0; round < 10000; round++) {
        FILE *children = fopen("/proc/thread-self/children", "r");
        // Without it the system still ends those that asked to go with their parent.
        if (!children) return;
        long process;
        while (fscanf(children, "%ld", &process) == 1) kill((pid_t)process, SIGKILL);
        fclose(children);
        pid_t ended;
        while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) {}
        if (ended < 0 && errno == ECHILD) return;
        usleep(200);
    }
}

static int watch_children(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void take_signals(int descriptor) {
    struct signalfd_siginfo info;
    while (read(descriptor, &info, sizeof info) > 0) {}
}

int keeper_serve(pid_t guard) {
    struct pollfd watched[] = {{ETUDE_KEEPER, POLLIN, 0}, {watch_children(), POLLIN, 0}};
    // The guard's end is told by the same signal as a child's.
    prctl(PR_SET_PDEATHSIG, SIGCHLD);
    bool has_more = reap();
    while (getppid() == guard) {
        if (poll(watched, 2, has_more ? 0 : -1) < 0 && errno != EINTR) break;
        if (watched[1].revents) take_signals(watched[1].fd);
        if (watched[1].revents || has_more) has_more = reap();
        if (watched[0].revents) {
            struct request request;
            ssize_t count = recv(ETUDE_KEEPER, &request, sizeof request, MSG_WAITALL);
            if (count < 0 && errno == EINTR) continue;
            if (count != sizeof request) break;
            carry_out(request);
        }
    }
    end_all();
    return 0;
}

int keeper_guard(pid_t keeper) {
    struct pollfd watched[] = {{ETUDE_KEEPER, POLLRDHUP, 0}, {watch_children(), POLLIN, 0}};
    siginfo_t info = {0};
    while (!watched[0].revents && waitid(P_PID, (id_t)keeper, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR) break;
        take_signals(watched[1].fd);
    }
    end_all();
    return 0;
}
