// `posix_spawn` can't ask that a process ends with its parent, so this does what it does, and that.
#define _GNU_SOURCE
#include "CProcesses.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 64 };

// In the child, which has the parent's memory until it becomes the program: only calls that are safe in a signal handler.
static int become(const struct etude_program *program, pid_t parent) {
    // No handler of the parent's may run here.
    for (int signal_number = 1; signal_number < NSIG; signal_number++) {
        struct sigaction action;
        if (sigaction(signal_number, NULL, &action) != 0) continue;
        // Those that a host ignores for itself are its own affair.
        int is_ours = signal_number == SIGINT || signal_number == SIGPIPE || signal_number == SIGTERM || signal_number == SIGCHLD;
        if (action.sa_handler == SIG_DFL || (action.sa_handler == SIG_IGN && !is_ours)) continue;
        action = (struct sigaction){.sa_handler = SIG_DFL};
        sigaction(signal_number, &action, NULL);
    }
    if (setpgid(0, 0) != 0) return errno;
    if (program->ends_with_thread) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // The parent may have ended before.
        if (getppid() != parent) _exit(127);
    }
    // First out of the way of the numbers they will get, so that no duplication overwrites another's source.
    int moved[MOST_DESCRIPTORS];
    for (int i = 0; i < program->count; i++) {
        if (program->descriptors[i] < 0) continue;
        moved[i] = fcntl(program->descriptors[i], F_DUPFD_CLOEXEC, MOST_DESCRIPTORS);
        if (moved[i] < 0) return errno;
    }
    for (int i = 0; i < program->count; i++) {
        if (program->descriptors[i] >= 0) {
            if (dup2(moved[i], i) < 0) return errno;
        } else {
            close(i);
            if (i <= 2 && open("/dev/null", i == 0 ? O_RDONLY : O_WRONLY) != i) return errno;
        }
    }
    closefrom(program->count);
    if (program->working_directory && chdir(program->working_directory) != 0) return errno;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program->path, program->arguments, program->environment);
    return errno;
}

int etude_start(const struct etude_program *program, pid_t *process) {
    if (program->count < 3 || program->count > MOST_DESCRIPTORS) return EINVAL;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    volatile int failure = 0;
    pid_t parent = getpid(), child = vfork();
    if (child == 0) {
        failure = become(program, parent);
        _exit(127);
    }
    if (child < 0) failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && failure != 0) while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    *process = child;
    return failure;
}
