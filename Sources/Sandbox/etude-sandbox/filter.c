// The first stage of the filter: a list of what is allowed, all else is refused with EPERM. A program for another kind of
// processor (32-bit calls on a 64-bit one) is ended. The second stage, which takes away `execve`, is the session's own
// first act (Session/etude-session/confinement.c).
#define _GNU_SOURCE
#include "filter.h"
#include <asm/termbits.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { ARCHITECTURE = AUDIT_ARCH_X86_64 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = AUDIT_ARCH_AARCH64 };
#else
#error "The filter of system calls has to be made for this processor."
#endif

static const int allowed[] = {
    // Files. What can be opened is what the box shows.
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_preadv, SYS_pwritev, SYS_close, SYS_close_range,
    SYS_fstat, SYS_newfstatat, SYS_statx, SYS_lseek, SYS_openat, SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64,
    SYS_unlinkat, SYS_mkdirat, SYS_renameat2, SYS_ftruncate, SYS_truncate, SYS_fallocate, SYS_fsync, SYS_fdatasync,
    SYS_umask, SYS_chdir, SYS_fchdir, SYS_utimensat, SYS_flock, SYS_copy_file_range, SYS_sendfile, SYS_statfs, SYS_fstatfs, SYS_getcwd,
    SYS_fcntl, SYS_dup, SYS_dup3, SYS_pipe2, SYS_fadvise64, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr, SYS_listxattr, SYS_llistxattr,
    // Memory.
    SYS_mmap, SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise, SYS_mprotect, SYS_msync, SYS_mincore,
    // Threads and processes of its own. No process outside is in reach: the box has numbers of its own for them.
    SYS_futex, SYS_set_robust_list, SYS_get_robust_list, SYS_rseq, SYS_set_tid_address, SYS_exit, SYS_exit_group, SYS_kill, SYS_tgkill, SYS_tkill,
    SYS_wait4, SYS_waitid, SYS_setpgid, SYS_setsid, SYS_getpid, SYS_getppid, SYS_gettid, SYS_getpgid, SYS_getsid, SYS_execve,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_getpriority, SYS_setpriority, SYS_membarrier, SYS_getcpu,
    // The handler that tells where a process died reads the stack with this. It reaches no further than /proc/self/mem.
    SYS_process_vm_readv,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait, SYS_rt_sigsuspend, SYS_sigaltstack,
    SYS_restart_syscall, SYS_signalfd4, SYS_prlimit64, SYS_getrusage, SYS_times, SYS_seccomp,
    // Who and where it is.
    SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_sysinfo, SYS_uname, SYS_getrandom,
    // Waiting.
    SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_eventfd2, SYS_timerfd_create, SYS_timerfd_settime,
    SYS_timerfd_gettime, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_setitimer, SYS_getitimer,
    SYS_timer_create, SYS_timer_settime, SYS_timer_gettime, SYS_timer_delete,
    // The sockets that it was given; it can make none.
    SYS_sendmsg, SYS_recvmsg, SYS_sendto, SYS_recvfrom, SYS_shutdown, SYS_getsockopt, SYS_getsockname, SYS_getpeername,
#if defined(__x86_64__)
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_unlink, SYS_mkdir, SYS_rmdir, SYS_rename, SYS_renameat, SYS_dup2, SYS_pipe,
    SYS_poll, SYS_select, SYS_epoll_wait, SYS_getpgrp, SYS_getrlimit, SYS_setrlimit, SYS_time, SYS_alarm, SYS_pause, SYS_fork, SYS_vfork, SYS_arch_prctl,
    SYS_getdents,
#endif
};

static const int allowed_for_tools[] = {
    SYS_fchmod, SYS_fchmodat, SYS_linkat, SYS_symlinkat,
#if defined(__x86_64__)
    SYS_chmod, SYS_link, SYS_symlink,
#endif
};

// By value: the argument's lower half decides, as it does for the system.
static const unsigned allowed_controls[] = {TCGETS, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TIOCGWINSZ};
static const unsigned allowed_process_controls[] = {
    PR_SET_NAME, PR_GET_NAME, PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS,
    PR_GET_DUMPABLE, PR_SET_SECCOMP, PR_GET_SECCOMP, PR_SET_TIMERSLACK, 0x53564d41 /* PR_SET_VMA */,
};

enum { MOST_INSTRUCTIONS = 1024 };
static struct sock_filter program[MOST_INSTRUCTIONS];
static unsigned short length;

static void add(unsigned short code, unsigned value, unsigned char if_true, unsigned char if_false) {
    if (length < MOST_INSTRUCTIONS) program[length++] = (struct sock_filter)BPF_JUMP(code, value, if_true, if_false);
}

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0); }
static void answer(unsigned verdict) { add(BPF_RET | BPF_K, verdict, 0, 0); }

static void answer_if_equal(unsigned value, unsigned verdict) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(verdict);
}

static size_t argument(int index) { return offsetof(struct seccomp_data, args) + 8 * (size_t)index; }

// Allows a call whose argument is one of some values. Comes last for the call: it ends with an answer.
static void allow_with(int call, int index, const unsigned *values, size_t count) {
    add(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, (unsigned char)(2 + 2 * count));
    load(argument(index));
    for (size_t i = 0; i < count; i++) answer_if_equal(values[i], SECCOMP_RET_ALLOW);
    answer(SECCOMP_RET_ERRNO | EPERM);
}

// Threads and forks, without any new namespace.
static void allow_clone(void) {
    const unsigned namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    add(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    load(argument(0));
    add(BPF_JMP | BPF_JSET | BPF_K, namespaces, 0, 1);
    answer(SECCOMP_RET_ERRNO | EPERM);
    answer(SECCOMP_RET_ALLOW);
    // Its flags are in memory, where a filter can't look: the C library then takes `clone`.
    answer_if_equal(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
}

static void build(bool is_for_tools) {
    length = 0;
    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    // The calls of the x32 kind have numbers of their own.
    add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    answer(SECCOMP_RET_KILL_PROCESS);
#endif
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) answer_if_equal((unsigned)allowed[i], SECCOMP_RET_ALLOW);
    for (size_t i = 0; is_for_tools && i < sizeof allowed_for_tools / sizeof *allowed_for_tools; i++)
        answer_if_equal((unsigned)allowed_for_tools[i], SECCOMP_RET_ALLOW);
    allow_clone();
    allow_with(SYS_ioctl, 1, allowed_controls, sizeof allowed_controls / sizeof *allowed_controls);
    allow_with(SYS_prctl, 0, allowed_process_controls, sizeof allowed_process_controls / sizeof *allowed_process_controls);
    answer(SECCOMP_RET_ERRNO | EPERM);
}

int filter_open(bool is_for_tools) {
    build(is_for_tools);
    int file = memfd_create("filter", MFD_CLOEXEC);
    size_t size = length * sizeof *program;
    if (file < 0 || length == MOST_INSTRUCTIONS || write(file, program, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) != 0) return -1;
    return file;
}
