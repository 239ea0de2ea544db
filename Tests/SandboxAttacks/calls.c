// Doors of the kernel's that nobody in a box has business at.
#define _GNU_SOURCE
#include "attacks.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

// Beyond the filter, a call with nonsense for arguments gets another answer than "not permitted".
static enum outcome reached(long result) { return result >= 0 ? DONE : errno == ENOSYS ? ABSENT : errno == EPERM ? HELD : DONE; }
#define CALL(name, ...) static enum outcome name(struct target target) { (void)target; return reached(syscall(__VA_ARGS__)); }

CALL(bpf, SYS_bpf, 0, NULL, 0)
CALL(io_uring, SYS_io_uring_setup, 1, NULL)
CALL(user_faults, SYS_userfaultfd, 0)
CALL(new_key, SYS_add_key, "user", "etude-attack", "x", 1, -3)
CALL(keys, SYS_keyctl, 0, -3, 0)
CALL(request_key, SYS_request_key, "user", "etude-attack", NULL, 0)
CALL(load_module, SYS_finit_module, -1, "", 0)
CALL(load_kernel, SYS_kexec_load, 0, 0, NULL, ~0ul)
CALL(quota, SYS_quotactl, 0, NULL, 0, NULL)
CALL(swap, SYS_swapon, NULL, 0)
CALL(mount_settings, SYS_mount_setattr, -1, "", 0, NULL, 0)
CALL(landlock, SYS_landlock_create_ruleset, NULL, 0, 1)
CALL(move_pages, SYS_move_pages, 0, 0, NULL, NULL, NULL, 0)
CALL(memory_policy, SYS_set_mempolicy, 0, NULL, 0)
CALL(protection_key, SYS_pkey_alloc, 0, ~0ul)
CALL(compare_processes, SYS_kcmp, getpid(), getpid(), 2 /* KCMP_FILES */, 0, 0)
CALL(take_descriptor, SYS_pidfd_getfd, -1, 0, 0)
CALL(advise_other, SYS_process_madvise, -1, NULL, 0, 0, 0)
CALL(asynchronous, SYS_io_setup, 1, NULL)
CALL(splice_pages, SYS_vmsplice, -1, NULL, 0, 0)
CALL(secret_memory, SYS_memfd_secret, 0)
CALL(watch_files, SYS_fanotify_init, 0, 0)
CALL(accounting, SYS_acct, "/nowhere")
CALL(lookup_cookie, SYS_open_by_handle_at, -1, NULL, 0)
CALL(schedule, SYS_sched_setattr, 0, NULL, 0)
CALL(io_priority, SYS_ioprio_set, 1, 0, 0)
CALL(change_attribute, SYS_setxattr, "/nowhere", "user.x", "x", 1, 0)
static enum outcome clock_settings(struct target target) { (void)target; struct timex time = {0}; return adjtimex(&time) >= 0 ? DONE : HELD; }
static enum outcome counters(struct target target) {
    (void)target;
    struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_CPU_CLOCK};
    long result = syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
    return result >= 0 ? DONE : errno == ENOSYS ? ABSENT : HELD;
}
static enum outcome fixed_addresses(struct target target) { (void)target; return personality(ADDR_NO_RANDOMIZE) >= 0 ? DONE : HELD; }
static enum outcome shared_segment(struct target target) {
    (void)target;
    int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    if (segment >= 0) shmctl(segment, IPC_RMID, NULL);
    return segment >= 0 ? DONE : HELD;
}
static enum outcome messages(struct target target) {
    (void)target;
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    if (queue >= 0) msgctl(queue, IPC_RMID, NULL);
    return queue >= 0 ? DONE : HELD;
}
static enum outcome semaphores(struct target target) {
    (void)target;
    int set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    if (set >= 0) semctl(set, 0, IPC_RMID);
    return set >= 0 ? DONE : HELD;
}
static enum outcome message_queue(struct target target) {
    (void)target;
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 1};
    mqd_t queue = mq_open("/etude-attack", O_CREAT | O_RDWR, 0600, &attributes);
    if (queue != (mqd_t)-1) mq_unlink("/etude-attack");
    return queue != (mqd_t)-1 ? DONE : errno == ENOSYS ? ABSENT : HELD;
}
static enum outcome notices(struct target target) { (void)target; return inotify_init() >= 0 ? DONE : HELD; }

#if defined(__x86_64__)
// The calls of a 32-bit program have other numbers, at which a filter that does not look would see others. In a child: where
// there are none, it traps, and a filter ends it.
static enum outcome calls_of_32_bits(struct target target) {
    (void)target;
    pid_t child = fork();
    if (child == 0) {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(20 /* getpid */) : "memory");
        _exit(result == getpid() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) return ABSENT;
    return status == 0 ? DONE : HELD;
}
static enum outcome calls_of_x32(struct target target) {
    (void)target;
    pid_t child = fork();
    if (child == 0) _exit(syscall(0x40000000 + SYS_getpid) == getpid() ? 0 : errno == ENOSYS ? 20 : 1);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 20 ? ABSENT : status == 0 ? DONE : HELD;
}
CALL(ports, SYS_ioperm, 0x80, 1, 1)
CALL(local_descriptors, SYS_modify_ldt, 0, NULL, 0)
#endif

const struct attack calls[] = {
    {"bpf", HOST, bpf}, {"io-uring", HOST, io_uring}, {"user-faults", HOST, user_faults}, {"new-key", HOST, new_key}, {"keys", HOST, keys},
    {"request-key", HOST, request_key}, {"load-module", HOST, load_module}, {"load-kernel", HOST, load_kernel}, {"quota", HOST, quota}, {"swap", HOST, swap},
    {"mount-settings", HOST, mount_settings}, {"landlock", HOST, landlock}, {"move-pages", HOST, move_pages}, {"memory-policy", HOST, memory_policy},
    {"protection-key", HOST, protection_key}, {"compare-processes", HOST, compare_processes}, {"take-descriptor", HOST, take_descriptor},
    {"advise-other", HOST, advise_other}, {"asynchronous", HOST, asynchronous}, {"splice-pages", HOST, splice_pages}, {"secret-memory", HOST, secret_memory},
    {"watch-files", HOST, watch_files}, {"accounting", HOST, accounting}, {"lookup-cookie", HOST, lookup_cookie}, {"schedule", HOST, schedule},
    {"io-priority", HOST, io_priority}, {"change-attribute", HOST, change_attribute}, {"clock-settings", HOST, clock_settings},
    {"counters", HOST, counters}, {"fixed-addresses", HOST, fixed_addresses}, {"shared-segment", HOST, shared_segment}, {"messages", HOST, messages},
    {"semaphores", HOST, semaphores}, {"message-queue", HOST, message_queue}, {"notices", HOST, notices},
#if defined(__x86_64__)
    {"calls-of-32-bits", HOST, calls_of_32_bits}, {"calls-of-x32", HOST, calls_of_x32}, {"ports", HOST, ports}, {"local-descriptors", HOST, local_descriptors},
#endif
    {0},
};
