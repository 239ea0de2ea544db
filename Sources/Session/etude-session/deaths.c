// A trap in a learner's cell ends the process. Before it does, the handler walks the frame pointers and writes, for
// each frame inside a cell's library, the library and the offset: the host finds the learner's line from those.
// Everything here is safe in a signal handler: no allocation, reads of the stack go through the kernel.
#define _GNU_SOURCE
#include "deaths.h"
#include "CSession.h"
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum { MOST_LIBRARIES = 8192, MOST_FRAMES = 400, STACK_NEIGHBOURHOOD = 1 << 16, SEARCHED_PAGES = 64 };

struct library { char path[512]; uintptr_t low, high, bias; };
static struct library *libraries;
static int library_count;

static int find_library(struct dl_phdr_info *info, size_t size, void *wanted) {
    (void)size;
    if (!info->dlpi_name || strcmp(info->dlpi_name, wanted) != 0 || library_count == MOST_LIBRARIES) return 0;
    struct library *library = &libraries[library_count++];
    library->low = UINTPTR_MAX;
    library->bias = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_LOAD) continue;
        uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, end = start + info->dlpi_phdr[i].p_memsz;
        if (start < library->low) library->low = start;
        if (end > library->high) library->high = end;
    }
    snprintf(library->path, sizeof library->path, "%s", info->dlpi_name);
    return 1;
}

void deaths_remember_library(const char *path) { dl_iterate_phdr(find_library, (void *)path); }

static void write_all(const char *text, size_t length) {
    while (length > 0) {
        ssize_t count = write(ETUDE_FRAMES, text, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        text += count;
        length -= (size_t)count;
    }
}

// What was printed without an end of line; then the mark after which nothing more is to be expected: to give back its
// memory, a dying process can take long.
static void write_last_words(void) {
    ssize_t waiting = stdout->_IO_write_ptr - stdout->_IO_write_base;
    if (waiting > 0 && write(1, stdout->_IO_write_base, (size_t)waiting) < 0) {}
    write_all("E 0\n", 4);
}

static bool is_in_cell(uintptr_t pc) {
    for (int i = 0; i < library_count; i++)
        if (pc >= libraries[i].low && pc < libraries[i].high) return true;
    return false;
}

static bool write_frame(uintptr_t pc, int is_return_address) {
    for (int i = 0; i < library_count; i++) {
        if (pc < libraries[i].low || pc >= libraries[i].high) continue;
        char line[600];
        int length = snprintf(line, sizeof line, "F %s 0x%lx\n", libraries[i].path,
                              (unsigned long)(pc - libraries[i].bias - (is_return_address ? 1 : 0)));
        write_all(line, (size_t)length);
        return true;
    }
    return false;
}

static bool read_memory(uintptr_t address, void *bytes, size_t count) {
    struct iovec local = {bytes, count}, remote = {(void *)address, count};
    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)count;
}

static bool walk(uintptr_t frame) {
    uintptr_t words[2];
    bool found = false;
    for (int i = 0; i < MOST_FRAMES && frame && read_memory(frame, words, sizeof words); i++) {
        found |= write_frame(words[1], 1);
        if (words[0] <= frame) break;
        frame = words[0];
    }
    return found;
}

static bool follows_call(uintptr_t address) {
#if defined(__x86_64__)
    uint8_t code[7];
    if (!read_memory(address - sizeof code, code, sizeof code)) return false;
    return code[2] == 0xE8 || code[5] == 0xFF || code[4] == 0xFF || code[1] == 0xFF || code[0] == 0xFF;
#else
    (void)address;
    return true;
#endif
}

// A process that is stopped while the C library is at work, as in `sleep`, has no chain of frames to go along: there the
// nearest words on the stack that are places behind a call in a cell are told.
static void search(uintptr_t stack) {
    uintptr_t words[512];
    int found = 0;
    for (int page = 0; page < SEARCHED_PAGES && found < 4 && read_memory(stack, words, sizeof words); page++, stack += sizeof words)
        for (size_t i = 0; i < 512 && found < 4; i++)
            if (is_in_cell(words[i]) && follows_call(words[i])) found += write_frame(words[i], 1);
}

// The first thread that dies tells where. A trap in the handler itself ends the process at once, and another thread
// that traps meanwhile waits for that end.
static void enter_handler(int signal_number) {
    static volatile pid_t dying;
    pid_t self = gettid(), first = __sync_val_compare_and_swap(&dying, 0, self);
    if (first == 0) return;
    if (first != self) sleep(2);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    _exit(128 + signal_number);
}

static void on_signal(int signal_number, siginfo_t *info, void *context) {
    enter_handler(signal_number);
    const ucontext_t *thread = context;
#if defined(__x86_64__)
    uintptr_t pc = (uintptr_t)thread->uc_mcontext.gregs[REG_RIP];
    uintptr_t frame = (uintptr_t)thread->uc_mcontext.gregs[REG_RBP];
    uintptr_t stack = (uintptr_t)thread->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    uintptr_t pc = (uintptr_t)thread->uc_mcontext.pc;
    uintptr_t frame = (uintptr_t)thread->uc_mcontext.regs[29];
    uintptr_t stack = (uintptr_t)thread->uc_mcontext.sp;
#else
#error "A session needs to know this processor's registers."
#endif
    const char *kind = "S";
    uintptr_t address = (uintptr_t)info->si_addr;
    if (signal_number == SIGINT) kind = "I";
    if (signal_number == SIGSEGV && address - stack + STACK_NEIGHBOURHOOD < 2 * STACK_NEIGHBOURHOOD) kind = "O";
    char line[64];
    int length = snprintf(line, sizeof line, "%s %d\n", kind, signal_number);
    write_all(line, (size_t)length);
    bool found = write_frame(pc, 0);
    // A cell's stub for a call into another library has no line: the place of the call lies on top of the stack.
    uintptr_t top;
    if (found && read_memory(stack, &top, sizeof top) && is_in_cell(top) && follows_call(top)) write_frame(top, 1);
    if (!(walk(frame) || found)) search(stack);
    write_last_words();
    if (signal_number == SIGINT) _exit(130);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void deaths_tell(const char *kind) {
    write_all(kind, strlen(kind));
    walk((uintptr_t)__builtin_frame_address(0));
}

void deaths_end(const char *kind) {
    deaths_tell(kind);
    write_last_words();
    _exit(134);
}

static uintptr_t thrown[64], stack_end;
static int thrown_count;
static pthread_t cells_thread;

bool deaths_is_cells_thread(void) { return pthread_equal(pthread_self(), cells_thread); }

void deaths_note_throw(void *error) {
    (void)error;
    // The stack of another thread ends somewhere else.
    if (!deaths_is_cells_thread()) return;
    const uintptr_t *frame = __builtin_frame_address(0);
    thrown_count = 0;
    while (thrown_count < 64 && (uintptr_t)frame < stack_end - sizeof(uintptr_t[2])) {
        thrown[thrown_count++] = frame[1];
        if (frame[0] <= (uintptr_t)frame || frame[0] % sizeof(uintptr_t) != 0) break;
        frame = (const uintptr_t *)frame[0];
    }
}

void deaths_tell_throw(void) {
    write_all("T 0\n", 4);
    for (int i = 0; i < thrown_count; i++) write_frame(thrown[i], 1);
    thrown_count = 0;
}

void deaths_install(void) {
    cells_thread = pthread_self();
    // Frames lie between the stack pointer and here, so those may be read without asking.
    stack_end = (uintptr_t)__builtin_frame_address(0);
    libraries = mmap(NULL, MOST_LIBRARIES * sizeof *libraries, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    static char alternate[1 << 16];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    const int signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGINT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}
