/// What a cell does to its process, its descriptors, and the processes around it.
extension Attack {
    static let signals = Wave(name: "signals", attacks: [
        Attack("terminates itself", "died: The process died: Terminated.", "raise(SIGTERM)\nsleep(100)"),
        Attack("kills itself", "died: The system ended the process: most likely memory ran out.", "kill(getpid(), SIGKILL)\nsleep(100)"),
        Attack("raises SIGSEGV", "died: The process died: Segmentation fault.", line: 1, "raise(SIGSEGV)"),
        Attack("raises SIGBUS", "died: The process died: Bus error.", line: 1, "raise(SIGBUS)"),
        Attack("raises SIGFPE", "died: The process died: Floating point exception.", line: 1, "raise(SIGFPE)"),
        Attack("raises SIGABRT", "died: The process died: Aborted.", "raise(SIGABRT)"),
        Attack("raises SIGUSR1", "died: The process died: User defined signal 1.", "raise(SIGUSR1)"),
        Attack("raises SIGHUP", "died: The process died: Hangup.", "raise(SIGHUP)"),
        Attack("raises a signal of the real-time kind", "died: The process died: Real-time signal", "raise(40)"),
        Attack("interrupts itself", "died: The process died: Interrupt.", line: 2, "\nraise(SIGINT)"),
        Attack("sets an alarm and waits for it", "died: The process died: Alarm clock.", "ualarm(20_000, 0)\nsleep(100)"),
        Attack("blocks all signals and traps", "died: Index out of range.", "var all = sigset_t()\nsigfillset(&all)\nsigprocmask(SIG_BLOCK, &all, nil)\nprint([Int]()[0])"),
        Attack("leaves all signals blocked", "completed", "var all = sigset_t()\nsigfillset(&all)\nsigprocmask(SIG_BLOCK, &all, nil)"),
        Attack("has handlers of its own for traps", "died: Index out of range.", "for s in [SIGILL, SIGTRAP, SIGSEGV] { signal(s) { _ in _exit(5) } }\nprint([Int]()[0])"),
        Attack("leaves handlers and a stack for them behind", "completed", "for i in Int32(1)...31 { signal(i) { _ in } }\nvar stack = stack_t(ss_sp: malloc(1 << 16), ss_flags: 0, ss_size: 1 << 16)\nsigaltstack(&stack, nil)"),
        Attack("writes to a pipe that nobody reads", "died: The process died: Broken pipe.", "var ends: [Int32] = [0, 0]\npipe(&ends)\nclose(ends[0])\nvar byte: UInt8 = 1\nwrite(ends[1], &byte, 1)"),
        Attack("has no time on the processor left", "died: The process died: CPU time limit exceeded.", "var limit = rlimit(rlim_cur: 0, rlim_max: 5)\nsetrlimit(__rlimit_resource_t(0), &limit)\nwhile true {}"),
    ])

    static let descriptors = Wave(name: "descriptors", attacks: [
        Attack("closes the socket and lives on", "died: The cell closed the connection", "close(3)\nsleep(100)"),
        Attack("closes all descriptors", "died: The cell ended the whole process, with status 0.", "for i in Int32(0)..<100 { close(i) }"),
        Attack("closes standard input", "completed", "close(0)"),
        Attack("closes standard output", "completed", "close(1)"),
        Attack("closes what it prints to", "completed", "close(1)\nclose(2)\nusleep(100_000)"),
        Attack("closes the pipe of frames, then traps", "died: Index out of range.", "close(4)\nprint([Int]()[0])"),
        Attack("closes the pipe of frames", "completed", "close(4)"),
        Attack("puts a file where the pipe of frames was", "completed", "dup2(open(\"/dev/null\", O_RDWR), 4)\nclose(5)"),
        Attack("takes the host's words", "completed", "fcntl(3, F_SETFL, O_NONBLOCK)\nvar bytes = [UInt8](repeating: 0, count: 4096)\nfor _ in 0..<100 { read(3, &bytes, 4096) }\ndisplay(\"x\")"),
        Attack("takes all descriptors that there are", "completed", below: "died: The cell could not be loaded", "while open(\"/dev/null\", O_RDONLY) >= 0 {}"),
        Attack("prints a gigabyte", "completed", "let block = [UInt8](repeating: 65, count: 1 << 20)\nfor _ in 0..<1_024 { raw(block, to: 1) }"),
        Attack("fills the pipe of frames, then traps", "died: Index out of range.", "_ = fcntl(4, F_SETFL, O_NONBLOCK)\nraw(Array(repeating: 70, count: 1 << 20), to: 4)\n_ = fcntl(4, F_SETFL, 0)\nprint([Int]()[0])"),
        Attack("says that it dies, and does not", "died: The process died.", "raw(Array(\"A 6\\nE 0\\n\".utf8), to: 4)\nusleep(200_000)"),
        Attack("names files that are no cells as its frames", "died: The process died: Terminated.", "for file in [\"/dev/zero\", \"/dev/stdin\", \"/a\\\" \\\"/b\", \"/etc/passwd\"] { raw(Array(\"S 11\\nF \\(file) 0x10\\n\".utf8), to: 4) }\nraise(SIGTERM)\nsleep(100)"),
        Attack("shows without listening", "died: The cell", "while true { frame(#\"{\"display\":{\"_0\":{\"text\":{\"_0\":\"x\"}}}}\"#) }"),
        Attack("is in another folder, with other rights for its files", "completed", "chdir(\"/\")\numask(0o777)\nclearenv()"),
    ])

    static let processes = Wave(name: "processes", attacks: [
        Attack("leaves a child that holds the socket and the pipes", "died: The cell ended the whole process, with status 3.", "if forkProcess() == 0 { sleep(100); _exit(0) }\n_exit(3)"),
        Attack("leaves a child in a session of its own", "died: The cell ended the whole process, with status 3.", "if forkProcess() == 0 { setsid(); sleep(100); _exit(0) }\nusleep(50_000)\n_exit(3)"),
        Attack("leaves a daemon that prints without end", "died: The cell ended the whole process, with status 3.", "if forkProcess() == 0 { setsid(); while true { raw(Array(repeating: 65, count: 4096), to: 1) } }\nusleep(200_000)\n_exit(3)"),
        Attack("forks, and the child goes on as if it were the session", "completed", "_ = forkProcess()"),
        Attack("forks, and the child dies loudly", "completed", "if forkProcess() == 0 { fatalError(\"the child\") }\nusleep(50_000)"),
        Attack("starts programs that outlive it", "completed", "for _ in 0..<5 { _ = start(\"/usr/bin/setsid\", \"sleep\", \"1000\"); _ = start(\"/bin/sleep\", \"1000\") }"),
        Attack("starts 200 children, some in sessions of their own", "completed", "for i in 0..<200 where forkProcess() == 0 { if i % 3 == 0 { setsid() }; if i % 5 == 0, forkProcess() != 0 { _exit(0) }; sleep(1_000); _exit(0) }"),
        Attack("forks eight times, in every child too", "completed", "let first = getpid()\nfor _ in 0..<8 { _ = forkProcess() }\nif getpid() != first { sleep(1_000); _exit(0) }"),
        Attack("takes in what its children leave", "completed", "_ = control(36 /* PR_SET_CHILD_SUBREAPER */, 1)\nfor _ in 0..<3 where forkProcess() == 0 { if forkProcess() == 0 { sleep(1_000) }; _exit(0) }"),
        Attack("does not want to go with its keeper", "completed", "_ = control(1 /* PR_SET_PDEATHSIG */, 0)"),
        Attack("may not open files, write or fork", "completed", below: "died: The cell could not be loaded", "for resource in [1, 6, 7, 4] { var limit = rlimit(rlim_cur: 1, rlim_max: 1); setrlimit(__rlimit_resource_t(UInt32(resource)), &limit) }"),
        Attack("stops its keepers, then ends", "died: The cell ended the whole process, with status 3.", "for k in keepers() { kill(k, SIGSTOP) }\n_exit(3)"),
        Attack("stops all processes of the session but itself", "completed", "for p in family() where p != getpid() { kill(p, SIGSTOP) }"),
        Attack("lets its copies say that they are their keeper", "completed", claim("getppid()")),
        Attack("lets its copies say that they are the first process of the system", "completed", claim("1")),
        Attack("lets its copies say that they are all processes", "completed", claim("-1")),
        Attack("lets its copies say that they are the state before", "completed", reruns: 0...1, claim("family().first { $0 != getpid() && !keepers().contains($0) }!")),
        Attack("kills the states before it", "completed", reruns: 1...1, "for p in family() where p != getpid() && !keepers().contains(p) { kill(p, SIGKILL) }\nusleep(100_000)"),
        Attack("kills its keeper", endedAll, reruns: 1...1, "kill(getppid(), SIGKILL)\nsleep(100)"),
        Attack("kills its keeper's parent", endedAll, reruns: 1...1, "kill(keepers()[1], SIGKILL)\nsleep(100)"),
        Attack("starts a daemon, then kills its keeper, and does not go with it", endedAll, reruns: 1...1, "_ = start(\"/usr/bin/setsid\", \"sleep\", \"1000\")\n_ = control(1 /* PR_SET_PDEATHSIG */, 0)\nkill(getppid(), SIGKILL)\nwhile true {}"),
        Attack("kills all processes of the session", endedAll, reruns: 1...1, "for p in family() where p != getpid() { kill(p, SIGKILL) }\nsleep(100)"),
        Attack("leaves a daemon that is another process each moment", "completed", "if forkProcess() == 0 { while true { if forkProcess() == 0 { setsid() } else { _exit(0) } } }"),
    ])

    /// A cell whose copies tell the host a number that is not theirs, on the socket that they just got.
    private static func claim(_ number: String) -> String {
        """
        @_silgen_name("__register_atfork") func atFork(_ before: Int, _ parent: Int, _ child: @convention(c) () -> Void, _ library: Int) -> Int32
        nonisolated(unsafe) var claimed: [UInt8] = []
        let words = "{\\"ready\\":{\\"version\\":2,\\"process\\":\\(\(number))}}"
        claimed = length(words.utf8.count) + length(0) + Array(words.utf8)
        _ = atFork(0, 0, { for descriptor in Int32(64)..<72 { _ = send(descriptor, claimed, claimed.count, 0) } }, 0)
        """
    }
}
