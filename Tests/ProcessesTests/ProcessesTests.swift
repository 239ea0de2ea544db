import Glibc
import Processes
import Testing

@Suite struct ProcessesTests {
    @Test("A process gets its input and its output comes back whole, however long")
    func passesInputAndOutput() throws {
        let input = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let result = try run("/bin/cat", input: input)
        #expect(result.succeeded)
        #expect(result.output == input)
    }

    @Test("Standard error and the exit status are kept apart from the output")
    func separatesStreams() throws {
        let result = try run("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"])
        #expect(result.termination == .exited(3))
        #expect(String(decoding: result.output, as: UTF8.self) == "out\n")
        #expect(result.errorText == "err\n")
    }

    @Test("A process that dies by a signal says which")
    func reportsSignals() throws {
        #expect(try run("/bin/sh", ["-c", "kill -SEGV $$"]).termination == .signalled(SIGSEGV))
    }

    @Test("A process past its deadline is ended with all that it started")
    func endsTheGroup() throws {
        let start = ContinuousClock.now
        let result = try run("/bin/sh", ["-c", "sleep 100 & sleep 100"], deadline: .milliseconds(50))
        #expect(result.termination == .deadlinePassed)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("What a process leaves in its group ends with it, and its end is seen although they hold its pipe")
    func endsWhatIsLeft() throws {
        let (reading, writing) = try Descriptor.pipe()
        let child = try ChildProcess("/bin/sh", ["-c", "sleep 100 & exit 4"], descriptors: [1: writing.number])
        writing.close()
        let ending = try #require(child.ending)
        #expect(waitForDescriptors([(ending.number, Int16(POLLIN))], until: .now + .seconds(20))[0] != 0)
        #expect(child.wait() == .exited(4))
        #expect(reading.read() == [])
    }

    @Test("A process that runs for its caller ends with it, even if nobody is left to end it")
    func endsWithItsThread() throws {
        let (reading, writing) = try Descriptor.pipe()
        // The thread that starts it ends as that of a killed host does: without a word to the process.
        var thread = pthread_t()
        nonisolated(unsafe) var child: ChildProcess?
        let work = Work { child = try? ChildProcess("/bin/sleep", ["1000"], descriptors: [1: writing.number], endsWithThread: true) }
        pthread_create(&thread, nil, { Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().body(); return nil }, Unmanaged.passRetained(work).toOpaque())
        pthread_join(thread, nil)
        writing.close()
        let ended = waitForDescriptors([(reading.number, Int16(POLLIN))], until: .now + .seconds(20))[0] != 0
        #expect(ended)
        #expect(child?.wait() == .signalled(SIGKILL))
    }

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    @Test("A program that is not there, or a folder, is an error that names it")
    func reportsWhatCannotStart() {
        #expect { try ChildProcess("/no/such/program") } throws: { "\($0)".hasPrefix("/no/such/program could not be started: No such file") }
        #expect { try ChildProcess("/bin/true", workingDirectory: "/no/such/folder") } throws: { "\($0)".contains("No such file") }
    }

    @Test("Descriptors keep apart, however many the host has open")
    func manyDescriptors() throws {
        var pipes: [(reading: Descriptor, writing: Descriptor)] = []
        for _ in 0..<60 { pipes.append(try Descriptor.pipe()) }
        // The sources lie just where the copies would be put, in an order that would overwrite one with another.
        let sources = pipes.map(\.writing).filter { $0.number >= 64 }.prefix(3)
        let outputs = pipes.filter { pipe in sources.contains { $0 === pipe.writing } }.map(\.reading)
        let numbers: [Int32: Int32] = [1: sources[2].number, 2: sources[1].number, 3: sources[0].number]
        let child = try ChildProcess("/bin/sh", ["-c", "printf one; printf two >&2; printf three >&3"], descriptors: numbers)
        child.wait()
        #expect(outputs.map { String(decoding: $0.read() ?? [], as: UTF8.self) } == ["three", "two", "one"])
    }

    @Test("Writing to one that takes nothing ends with the patience, and not never")
    func givesUpWriting() throws {
        let (ours, theirs) = try Descriptor.socketPair()
        ours.setNonBlocking()
        #expect(ours.write([UInt8](repeating: 1, count: 8 << 20), patience: .milliseconds(50)) == false)
        _ = theirs
    }

    @Test("An interruption ends a process")
    func interrupts() throws {
        let interruption = try Interruption()
        interruption.request()
        #expect(interruption.isRequested)
        #expect(try run("/bin/sleep", ["100"], interruption: interruption).termination == .interrupted)
        interruption.clear()
        #expect(!interruption.isRequested)
    }

    @Test("A process that writes without end is ended at the limit")
    func boundsOutput() throws {
        #expect(try run("/usr/bin/yes", outputLimit: 100_000).termination == .signalled(SIGKILL))
    }

    @Test("A missing program is a sentence that names it")
    func missingProgram() {
        let error = #expect(throws: ProcessError.self) { try run("/no/such/program") }
        #expect(error?.description == "/no/such/program could not be started: No such file or directory.")
    }

    @Test("A process gets only the descriptors that it was given, under the numbers that were asked for")
    func mapsDescriptors() throws {
        let (reading, writing) = try Descriptor.pipe()
        let (other, otherEnd) = try Descriptor.pipe()
        let child = try ChildProcess(
            "/bin/sh", ["-c", "ls /proc/self/fd | tr '\\n' ' ' >&4"],
            descriptors: [4: writing.number, 3: other.number])
        writing.close()
        child.wait()
        #expect(String(decoding: reading.read() ?? [], as: UTF8.self).hasPrefix("0 1 2 3 4 "))
        _ = otherEnd
    }

    @Test("Environment and working folder are as asked for")
    func environmentAndFolder() throws {
        let result = try run("/bin/sh", ["-c", "echo $GREETING; pwd"], environment: ["GREETING": "hello"], workingDirectory: "/usr")
        #expect(String(decoding: result.output, as: UTF8.self) == "hello\n/usr\n")
    }
}
