/// Cells that never end by themselves, and do not want to be ended.
extension Attack {
    static let endless = Wave(name: "endless", patience: .seconds(1), attacks: [
        Attack("waits in the C library", tooLong, line: 2, "func wait() {\n    usleep(100_000_000)\n}\nwait()"),
        Attack("loops without end", tooLong, line: 2, "\nwhile true {}"),
        Attack("loops without end in optimised code", tooLong, "func spin(_ n: Int) -> Int { var n = n; while n != 3 { n = n &* 5 &+ 2 | 4 }; return n }\nprint(spin(7))"),
        Attack("stops itself", tooLong, line: 1, "kill(getpid(), SIGSTOP)"),
        Attack("blocks all signals and loops", tooLong, "var all = sigset_t()\nsigfillset(&all)\nsigprocmask(SIG_BLOCK, &all, nil)\nwhile true { usleep(1_000) }"),
        Attack("ignores all signals and loops", tooLong, "for i in Int32(1)...64 { signal(i, SIG_IGN) }\nwhile true { usleep(1_000) }"),
        Attack("comes back from a handler without having mended anything", tooLong, "signal(SIGSEGV) { _ in }\nunsafeBitCast(8, to: UnsafeMutablePointer<Int>.self).pointee = 1"),
        Attack("prints without end", tooLong, line: 1, "while true { print(\"again and again and again\") }"),
        Attack("prints errors without end", tooLong, "while true { raw(Array(repeating: 65, count: 65_536), to: 2) }"),
        Attack("writes frames without end", tooLong, "while true { raw(Array(\"F /dev/zero 0x10\\n\".utf8), to: 4) }"),
        Attack("starts children until its time is up", tooLong, "while true { if forkProcess() == 0 { if forkProcess() == 0 { _exit(0) }; _exit(0) }; var status: Int32 = 0; wait(&status) }"),
        Attack("is in another group of processes", tooLong, line: 2, "setpgid(0, getpgid(getppid()))\nwhile true {}"),
        Attack("stops its keepers, then loops", tooLong, "for k in keepers() { kill(k, SIGSTOP) }\nwhile true {}"),
        Attack("traces its keeper", tooLong, "_ = trace(16 /* PTRACE_ATTACH */, getppid(), 0, 0)\nwhile true { usleep(1_000) }"),
    ])
}
