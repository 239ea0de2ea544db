/// Small programs that stand where the session's are: a library that cells import, glue, and a host.
enum TestSources {
    /// Has a public type and internals that a learner's names may meet.
    static let training = """
        public protocol Layer: AnyObject {}
        open class Model {
            public init() {}
            public var name: String { "library model" }
        }
        struct Tape {}
        func internalHelper() {}
        public func setRandomSeed(_ seed: Int) {}
        """

    /// Shows values and binds answers by printing; runs async cells on one thread.
    static let glue = #"""
        @_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) import _Concurrency
        import Glibc

        public enum TestCell {
            public static func show<T>(_ value: T) {
                if value is Void { return }
                print("=> \(value)")
            }
        }
        public enum TestAnswers {
            nonisolated(unsafe) static var readers: [String: () -> String] = [:]
            public static func bind<T: Encodable>(_ name: String, _ value: @escaping () -> T) {
                readers[name] = { "value \(value())" }
            }
            public static func bind<each A: Decodable, R: Encodable>(
                _ name: String, _ value: @escaping () -> (repeat each A) throws -> R
            ) {
                readers[name] = { "function \(((repeat each A) throws -> R).self)" }
            }
            @_disfavoredOverload public static func bind<T>(_ name: String, _ value: @escaping () -> T) {
                readers[name] = { "other \(T.self)" }
            }
            public static func read(_ name: String) -> String { readers[name]?() ?? "unbound" }
        }

        final class Loop: MainExecutor, TaskExecutor, SchedulingExecutor, @unchecked Sendable {
            var ready: [UnownedJob] = []
            var timed: [(at: ContinuousClock.Instant, job: UnownedJob)] = []
            func enqueue(_ job: consuming ExecutorJob) { ready.append(UnownedJob(job)) }
            func enqueue<C: Clock>(_ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C) {
                timed.append((ContinuousClock.now.advanced(by: delay as? Duration ?? .zero), UnownedJob(job)))
            }
            func enqueue<C: Clock>(_ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C) {
                timed.append((ContinuousClock.now.advanced(by: clock.now.duration(to: instant) as? Duration ?? .zero), UnownedJob(job)))
            }
            func run() throws { pump() }
            func runUntil(_ condition: () -> Bool) throws { pump() }
            func stop() {}
            func checkIsolated() {}
            func isIsolatingCurrentContext() -> Bool? { true }
            func pump() {
                while true {
                    if !ready.isEmpty {
                        ready.removeFirst().runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
                    } else if let next = timed.indices.min(by: { timed[$0].at < timed[$1].at }) {
                        ready.append(timed.remove(at: next).job)
                    } else { return }
                }
            }
        }
        let loop = Loop()
        struct OneThread: ExecutorFactory {
            static var mainExecutor: any MainExecutor { loop }
            static var defaultExecutor: any TaskExecutor { loop }
        }
        @_cdecl("test_one_thread") public func oneThread() { _createExecutors(factory: OneThread.self) }
        @_cdecl("test_pump") public func pump() { loop.pump() }
        """#

    /// Loads the libraries in order, calls the entries of those that are cells, and ends each cell's output with a
    /// mark. A trap writes the frames inside cells to standard error.
    static let host = #"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <link.h>
        #include <setjmp.h>
        #include <signal.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/uio.h>
        #include <ucontext.h>
        #include <unistd.h>

        static jmp_buf back;
        static int inCell;
        static void (*pump)(void);
        __attribute__((swiftcall)) static void drain(void *original, void *override) { pump(); longjmp(back, 3); }
        void swift_errorInMain(void *error) { longjmp(back, 1); }
        void exit(int code) { if (inCell) longjmp(back, 2); fflush(0); _exit(code); }

        static struct { char name[512]; uintptr_t low, high, bias; } cells[256];
        static int count;
        static int note(struct dl_phdr_info *info, size_t size, void *data) {
            if (!info->dlpi_name || !strstr(info->dlpi_name, "libCell_") || count >= 256) return 0;
            uintptr_t low = -1, high = 0;
            for (int i = 0; i < info->dlpi_phnum; i++) if (info->dlpi_phdr[i].p_type == PT_LOAD) {
                uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, end = start + info->dlpi_phdr[i].p_memsz;
                if (start < low) low = start;
                if (end > high) high = end;
            }
            snprintf(cells[count].name, 512, "%s", info->dlpi_name);
            cells[count].low = low; cells[count].high = high; cells[count].bias = info->dlpi_addr; count++;
            return 0;
        }
        static int canRead(uintptr_t at, void *to, size_t size) {
            struct iovec local = {to, size}, remote = {(void *)at, size};
            return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size;
        }
        static void frame(uintptr_t pc, int first) {
            for (int i = 0; i < count; i++) if (pc >= cells[i].low && pc < cells[i].high) {
                char line[700];
                int length = snprintf(line, 700, "FRAME %s %lx\n", cells[i].name, (unsigned long)(pc - cells[i].bias - (first ? 0 : 1)));
                write(2, line, length);
            }
        }
        static void walk(uintptr_t fp) {
            for (int i = 0; i < 200 && fp; i++) {
                uintptr_t pair[2];
                if (!canRead(fp, pair, 16)) break;
                frame(pair[1], 0);
                if (pair[0] <= fp) break;
                fp = pair[0];
            }
        }
        static void trapped(int signal, siginfo_t *info, void *context) {
        #if defined(__x86_64__)
            ucontext_t *at = context;
            frame(at->uc_mcontext.gregs[REG_RIP], 1);
            walk(at->uc_mcontext.gregs[REG_RBP]);
        #endif
            _exit(70);
        }
        int main(int argc, char **argv) {
            setvbuf(stdout, 0, _IONBF, 0);
            static char stack[65536];
            stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
            sigaltstack(&alternate, 0);
            const char *loaded[] = {"libswiftSwiftOnoneSupport.so", "libFoundation.so", "libswift_Concurrency.so", "libswift_StringProcessing.so", "libswift_RegexParser.so",
                "libswiftObservation.so", "libswiftSynchronization.so", "libswiftRegexBuilder.so", "libFoundationEssentials.so"};
            for (int i = 0; i < 9; i++) dlopen(loaded[i], RTLD_NOW | RTLD_GLOBAL);
            struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_ONSTACK};
            int signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
            for (int i = 0; i < 6; i++) sigaction(signals[i], &action, 0);
            for (int i = 1; i < argc; i++) {
                void *library = dlopen(argv[i], RTLD_NOW | RTLD_GLOBAL);
                if (!library) { printf("not loaded: %s\n", dlerror()); return 1; }
                void (*install)(void) = dlsym(library, "test_one_thread");
                if (install && !pump) {
                    install();
                    pump = dlsym(library, "test_pump");
                    *(void **)dlsym(RTLD_DEFAULT, "swift_task_asyncMainDrainQueue_hook") = drain;
                }
                const char *name = strrchr(argv[i], '/') + 4;
                if (strncmp(name, "Cell_", 5)) continue;
                char symbol[64];
                snprintf(symbol, 64, "%.21s_main", name);
                int (*entry)(int, char **) = dlsym(library, symbol);
                if (!entry) { printf("no entry %s\n", symbol); return 1; }
                count = 0;
                dl_iterate_phdr(note, 0);
                inCell = 1;
                int how = setjmp(back);
                if (!how) entry(argc, argv);
                inCell = 0;
                fflush(stdout);
                if (how == 1) printf("[threw]\n");
                printf("\001\n");
            }
            _exit(0);
        }
        """#
}
