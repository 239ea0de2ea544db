// Ways out: to the host's processes, its network, its files.
#define _GNU_SOURCE
#include "attacks.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define YES(condition) ((condition) ? DONE : HELD)
// One that the system does not know at all proves nothing.
static enum outcome known(long result) { return result >= 0 ? DONE : errno == ENOSYS || errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT ? ABSENT : HELD; }

// MARK: Processes
static enum outcome kill_host(struct target target) { return YES(kill(target.process, 0) == 0); }
static enum outcome handle_of_process(struct target target) { return YES(syscall(SYS_pidfd_open, target.process, 0) >= 0); }
static enum outcome trace_child(struct target target) {
    (void)target;
    pid_t child = fork();
    if (child == 0) _exit(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? 0 : 1);
    int status = 1;
    waitpid(child, &status, 0);
    return YES(status == 0);
}
static enum outcome attach(struct target target) {
    return YES(ptrace(PTRACE_SEIZE, target.process, 0, 0) == 0);
}
static enum outcome write_memory(struct target target) {
    (void)target;
    int here = 1, there = 2;
    struct iovec from = {&there, sizeof there}, to = {&here, sizeof here};
    return YES(process_vm_writev(getpid(), &from, 1, &to, 1, 0) == sizeof here);
}
static enum outcome read_host_memory(struct target target) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", target.process);
    return YES(open(path, O_RDWR) >= 0);
}
static enum outcome daemon_that_stays(struct target target) {
    (void)target;
    // It keeps standard output open: whoever reads that sees whether it lives on.
    if (fork() == 0) {
        setsid();
        if (fork() != 0) _exit(0);
        for (int i = 1; i < 32; i++) signal(i, SIG_IGN);
        sleep(2);
        ssize_t count = write(1, "alive", 5);
        _exit(count == 5 ? 0 : 1);
    }
    // It has left this one's group by now.
    wait(NULL);
    return DONE;
}
static enum outcome become_root(struct target target) { (void)target; return YES(setuid(0) == 0 && geteuid() == 0 && open("/proc/1/environ", O_RDONLY) >= 0 && setgid(0) == 0); }
static enum outcome other_groups(struct target target) { (void)target; return YES(syscall(SYS_setgroups, 0, NULL) == 0); }
static enum outcome program_of_host(struct target target) {
    (void)target;
    if (fork() == 0) {
        execl("/bin/sh", "sh", "-c", "exit 7", NULL);
        _exit(1);
    }
    int status = 0;
    wait(&status);
    return YES(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}
static int copy_self(const char *target) {
    static char block[1 << 16];
    int from = open("/proc/self/exe", O_RDONLY), to = open(target, O_CREAT | O_WRONLY | O_TRUNC, 0700);
    ssize_t count;
    while ((count = read(from, block, sizeof block)) > 0 && write(to, block, (size_t)count) == count) {}
    close(from);
    return close(to);
}
static enum outcome program_of_its_own(struct target target) {
    (void)target;
    copy_self("/tmp/etude-attack-program");
    if (fork() == 0) {
        execl("/tmp/etude-attack-program", "program", "--list", NULL);
        _exit(1);
    }
    int status = 1;
    wait(&status);
    unlink("/tmp/etude-attack-program");
    return YES(status == 0);
}
static enum outcome code_from_tmp(struct target target) {
    (void)target;
    copy_self("/tmp/etude-attack-code");
    int file = open("/tmp/etude-attack-code", O_RDONLY);
    void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    unlink("/tmp/etude-attack-code");
    return YES(code != MAP_FAILED);
}

// MARK: Network
static enum outcome connect_to_host(struct target target) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)target.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int socket_number = socket(AF_INET, SOCK_STREAM, 0);
    return YES(socket_number >= 0 && connect(socket_number, (struct sockaddr *)&address, sizeof address) == 0);
}
static enum outcome connect_by_name(struct target target) {
    // A socket without a file, named by the host's port.
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "etude-attack-%d", target.port);
    int socket_number = socket(AF_UNIX, SOCK_STREAM, 0);
    return YES(socket_number >= 0 && connect(socket_number, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) == 0);
}
#define SOCKET(name, ...) static enum outcome name(struct target target) { (void)target; return known(socket(__VA_ARGS__)); }
SOCKET(socket_inet, AF_INET, SOCK_STREAM, 0)
SOCKET(socket_inet6, AF_INET6, SOCK_STREAM, 0)
SOCKET(socket_datagram, AF_INET, SOCK_DGRAM, 0)
SOCKET(socket_raw, AF_INET, SOCK_RAW, IPPROTO_ICMP)
SOCKET(socket_unix, AF_UNIX, SOCK_STREAM, 0)
SOCKET(socket_netlink, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)
SOCKET(socket_packet, AF_PACKET, SOCK_RAW, 0)
SOCKET(socket_crypto, AF_ALG, SOCK_SEQPACKET, 0)
SOCKET(socket_machine, AF_VSOCK, SOCK_STREAM, 0)
static enum outcome socket_pair(struct target target) { (void)target; int ends[2]; return YES(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0); }

// MARK: Namespaces and mounts
#define UNSHARE(name, flag) static enum outcome name(struct target target) { (void)target; return YES(unshare(flag) == 0); }
UNSHARE(new_users, CLONE_NEWUSER)
UNSHARE(new_mounts, CLONE_NEWNS)
UNSHARE(new_network, CLONE_NEWNET)
UNSHARE(new_processes, CLONE_NEWPID)
static enum outcome clone_users(struct target target) {
    (void)target;
    long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return YES(child > 0);
}
static enum outcome clone3_users(struct target target) {
    (void)target;
    unsigned long arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD, 0, 0, 0};
    long child = syscall(SYS_clone3, arguments, sizeof arguments);
    if (child == 0) _exit(0);
    return YES(child > 0);
}
static enum outcome other_namespace(struct target target) {
    (void)target;
    int space = open("/proc/1/ns/uts", O_RDONLY);
    return YES(space >= 0 && setns(space, 0) == 0);
}
static enum outcome mount_memory(struct target target) { (void)target; mkdir("/tmp/etude-attack-m", 0700); return YES(mount("x", "/tmp/etude-attack-m", "tmpfs", 0, "size=4k") == 0 && umount("/tmp/etude-attack-m") == 0); }
static enum outcome mount_bind(struct target target) { (void)target; mkdir("/tmp/etude-attack-b", 0700); return YES(mount("/proc", "/tmp/etude-attack-b", NULL, MS_BIND, NULL) == 0 && umount("/tmp/etude-attack-b") == 0); }
static enum outcome mount_new_way(struct target target) { (void)target; return known(syscall(SYS_fsopen, "tmpfs", 0)); }
static enum outcome take_tree(struct target target) { (void)target; return known(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */)); }
static enum outcome remount_writable(struct target target) { (void)target; return YES(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL) == 0); }
static enum outcome new_root(struct target target) { (void)target; return YES(chroot("/") == 0); }
static enum outcome unmount(struct target target) { (void)target; mount("x", "/proc", "tmpfs", 0, NULL); return YES(umount2("/proc", MNT_DETACH) == 0); }

// MARK: Files that deceive whoever reads them
static enum outcome symbolic_link(struct target target) { enum outcome outcome = YES(symlink(target.secret, "/tmp/etude-attack-s") == 0); unlink("/tmp/etude-attack-s"); return outcome; }
static enum outcome hard_link(struct target target) {
    (void)target;
    close(open("/tmp/etude-attack-h", O_CREAT | O_WRONLY, 0600));
    enum outcome outcome = YES(link("/tmp/etude-attack-h", "/tmp/etude-attack-i") == 0);
    unlink("/tmp/etude-attack-h");
    unlink("/tmp/etude-attack-i");
    return outcome;
}
static enum outcome named_pipe(struct target target) { (void)target; enum outcome outcome = YES(mkfifo("/tmp/etude-attack-f", 0600) == 0); unlink("/tmp/etude-attack-f"); return outcome; }
static enum outcome device(struct target target) { (void)target; enum outcome outcome = YES(mknod("/tmp/etude-attack-n", S_IFCHR | 0600, makedev(1, 3)) == 0); unlink("/tmp/etude-attack-n"); return outcome; }
static enum outcome set_user_bit(struct target target) {
    (void)target;
    close(open("/tmp/etude-attack-u", O_CREAT | O_WRONLY, 0700));
    enum outcome outcome = YES(chmod("/tmp/etude-attack-u", 04777) == 0);
    unlink("/tmp/etude-attack-u");
    return outcome;
}
static enum outcome give_away(struct target target) {
    (void)target;
    close(open("/tmp/etude-attack-o", O_CREAT | O_WRONLY, 0600));
    enum outcome outcome = YES(chown("/tmp/etude-attack-o", 0, 0) == 0);
    unlink("/tmp/etude-attack-o");
    return outcome;
}
static enum outcome folder_in_root(struct target target) { (void)target; enum outcome outcome = YES(mkdir("/etude-attack-d", 0700) == 0); rmdir("/etude-attack-d"); return outcome; }
static enum outcome write_library(struct target target) { (void)target; return YES(open("/proc/self/exe", O_WRONLY | O_APPEND) >= 0 || errno == ETXTBSY); }
static enum outcome change_secret(struct target target) { return YES(open(target.secret, O_WRONLY | O_APPEND) >= 0); }
static enum outcome kernel_setting(struct target target) { (void)target; return YES(open("/proc/sys/kernel/core_pattern", O_WRONLY) >= 0); }
static enum outcome kernel_request(struct target target) { (void)target; return open("/proc/sysrq-trigger", O_WRONLY) >= 0 ? DONE : errno == ENOENT ? ABSENT : HELD; }
static enum outcome own_group(struct target target) { (void)target; return YES(open("/sys/fs/cgroup/memory/cgroup.procs", O_WRONLY) >= 0 || open("/sys/fs/cgroup/cgroup.procs", O_WRONLY) >= 0); }
static enum outcome rights_in_namespace(struct target target) { (void)target; return YES(sethostname("mine", 4) == 0); }
static enum outcome dumpable(struct target target) { (void)target; return YES(prctl(PR_SET_DUMPABLE, 0) == 0); }
static enum outcome type_into_terminal(struct target target) {
    (void)target;
    // Whatever standard input is: where it is no terminal, the system says so.
    return ioctl(0, TIOCSTI, "x") == 0 || errno == ENOTTY ? DONE : HELD;
}
// The system looks at the lower half of a request only, and so must the filter.
static enum outcome type_with_high_bits(struct target target) {
    (void)target;
    return syscall(SYS_ioctl, 0, (1ul << 32) | TIOCSTI, "x") == 0 || errno == ENOTTY ? DONE : HELD;
}

const struct attack breakouts[] = {
    {"kill-host", HOST, kill_host}, {"handle-of-process", HOST, handle_of_process}, {"trace-child", HOST, trace_child}, {"attach", HOST, attach},
    {"write-memory", HOST, write_memory}, {"read-host-memory", HOST, read_host_memory}, {"daemon", HOST, daemon_that_stays},
    {"become-root", OPEN_BOX, become_root}, {"other-groups", HOST, other_groups}, {"program-of-host", OPEN_BOX, program_of_host},
    {"program-of-its-own", EMPTY_BOX, program_of_its_own}, {"code-from-tmp", EMPTY_BOX, code_from_tmp}, {"connect-to-host", HOST, connect_to_host},
    {"connect-by-name", HOST, connect_by_name}, {"socket-inet", EMPTY_BOX, socket_inet}, {"socket-inet6", EMPTY_BOX, socket_inet6},
    {"socket-datagram", EMPTY_BOX, socket_datagram}, {"socket-raw", EMPTY_BOX, socket_raw}, {"socket-unix", EMPTY_BOX, socket_unix},
    {"socket-netlink", EMPTY_BOX, socket_netlink}, {"socket-packet", EMPTY_BOX, socket_packet}, {"socket-crypto", EMPTY_BOX, socket_crypto},
    {"socket-machine", EMPTY_BOX, socket_machine}, {"socket-pair", EMPTY_BOX, socket_pair}, {"new-users", EMPTY_BOX, new_users},
    {"new-mounts", EMPTY_BOX, new_mounts}, {"new-network", EMPTY_BOX, new_network}, {"new-processes", EMPTY_BOX, new_processes},
    {"clone-users", EMPTY_BOX, clone_users}, {"clone3-users", EMPTY_BOX, clone3_users}, {"other-namespace", EMPTY_BOX, other_namespace},
    {"mount-memory", EMPTY_BOX, mount_memory}, {"mount-bind", EMPTY_BOX, mount_bind}, {"mount-new-way", EMPTY_BOX, mount_new_way},
    {"take-tree", EMPTY_BOX, take_tree}, {"remount-writable", EMPTY_BOX, remount_writable}, {"new-root", EMPTY_BOX, new_root}, {"unmount", EMPTY_BOX, unmount},
    {"symbolic-link", EMPTY_BOX, symbolic_link}, {"hard-link", EMPTY_BOX, hard_link}, {"named-pipe", EMPTY_BOX, named_pipe}, {"device", HOST, device},
    {"set-user-bit", EMPTY_BOX, set_user_bit}, {"give-away", EMPTY_BOX, give_away}, {"folder-in-root", EMPTY_BOX, folder_in_root},
    {"write-library", HOST, write_library}, {"change-secret", HOST, change_secret}, {"kernel-setting", HOST, kernel_setting},
    {"kernel-request", HOST, kernel_request}, {"own-group", HOST, own_group}, {"rights-in-namespace", EMPTY_BOX, rights_in_namespace},
    {"dumpable", EMPTY_BOX, dumpable}, {"type-into-terminal", EMPTY_BOX, type_into_terminal}, {"type-with-high-bits", EMPTY_BOX, type_with_high_bits}, {0},
};
