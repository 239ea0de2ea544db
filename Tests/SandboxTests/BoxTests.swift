import Foundation
import Processes
import Testing

@testable import Sandbox

@Suite struct BoxTests {
    private let arena = Result { try Arena() }

    private func end(_ name: String, _ change: (inout SandboxLimits) -> Void) throws -> BoxEnd.Reason {
        let attack = Attack(name: name, control: "")
        var limits = Arena.limits(for: attack)
        (limits.duration, limits.processorSeconds) = (.seconds(120), 100)
        change(&limits)
        return try arena.get().inBox(attack, of: Arena.sandbox.get(), limits: limits).reason
    }

    @Test("Each limit's end is told apart") func endsAreToldApart() throws {
        #expect(try end("endless-sleep") { $0.duration = .milliseconds(200) } == .outOfTime)
        #expect(try end("endless-spin") { $0.processorSeconds = 1 } == .outOfProcessorTime)
        #expect(try end("endless-relay") { $0.processorSeconds = 1 } == .outOfProcessorTime)
        #expect(try end("memory-together") { _ in } == .outOfMemory)
        #expect(try end("users") { _ in } == .exited(Attack.held))
    }

    @Test("Without control groups too", .enabled(if: getuid() == 0)) func endsAreToldApartWithoutGroups() throws {
        var limits = Arena.limits(for: Attack(name: "", control: ""))
        limits.processorSeconds = 1
        let sandbox = try Arena.usersSandbox.get()
        #expect(try arena.get().inBox(Attack(name: "endless-spin", control: ""), of: sandbox, limits: limits).reason == .outOfProcessorTime)
        limits.duration = .milliseconds(200)
        #expect(try arena.get().inBox(Attack(name: "endless-sleep", control: ""), of: sandbox, limits: limits).reason == .outOfTime)
    }

    @Test("What a box has used is told") func usageIsTold() throws {
        let sandbox = try Arena.sandbox.get()
        let end = try arena.get().inBox(Attack(name: "users", control: ""), of: sandbox)
        #expect(end.processorTime > .zero)
        if sandbox.level == .full { #expect(end.memory > 100_000) }
    }

    @Test("What the host hands in can be read and not changed, and what the box wrote can be taken out, files only, as far as they are small")
    func filesGoInAndOut() throws {
        let box = try shell("cat /cells/deep/in; echo out > /tmp/plain; mkdir /tmp/folder; printf 0123456789 > /tmp/long; echo x > /cells/new || echo held")
        let source = try Arena.openFolder() + "/source"
        try "handed in\n".write(toFile: source, atomically: true, encoding: .utf8)
        try box.box.cells.put(source, as: "deep/in")
        try box.box.start()
        #expect(box.box.waitForEnd().reason == .exited(0))
        #expect(String(decoding: box.output.read() ?? [], as: UTF8.self).hasPrefix("handed in"))
        box.box.finish()
        #expect(box.box.scratch.bytes(of: "plain", atMost: 100) == Array("out\n".utf8))
        #expect(box.box.scratch.bytes(of: "folder", atMost: 100) == nil)
        #expect(box.box.scratch.bytes(of: "long", atMost: 9) == nil)
        #expect(box.box.scratch.bytes(of: "none", atMost: 9) == nil)
        #expect(Set(box.box.scratch.names()) == ["plain", "folder", "long"])
        #expect(throws: BoxFileError.self) { try box.box.cells.put(source, as: "deep/in") }
    }

    @Test("A link that a tool left leads nowhere") func linksAreNotFollowed() throws {
        let secret = try arena.get().secret
        let box = try shell("ln -s \(secret) /tmp/link; ln -s /proc/self/fd /tmp/fds", .tool)
        try box.box.start()
        #expect(box.box.waitForEnd().reason == .exited(0))
        #expect(box.box.scratch.names().sorted() == ["fds", "link"])
        #expect(box.box.scratch.bytes(of: "link", atMost: 100) == nil)
        #expect(box.box.scratch.names(in: "fds").isEmpty)
    }

    @Test("A box holds its neighbours apart, many at a time, and none leaves anything behind") func manyAtATime() throws {
        let sandbox = try Arena.sandbox.get()
        let boxes = try (0..<12).map { number in
            let box = try shell("echo \(number) > /tmp/mine; ls /tmp; ls /proc | grep -c '^[0-9]'; sleep 0.2", .session, sandbox)
            try box.box.start()
            return box
        }
        let launchers = boxes.compactMap { parent(of: $0.box.firstProcess).flatMap(parent(of:)) }
        for box in boxes {
            #expect(box.box.waitForEnd().reason == .exited(0))
            let lines = String(decoding: box.output.read() ?? [], as: UTF8.self).split(separator: "\n")
            #expect(lines.first == "mine")
            #expect(lines.count == 2 && (Int(lines[1]) ?? 99) <= 4)
            box.box.finish()
        }
        #expect(groups(of: launchers) == [])
        #expect(boxes.allSatisfy { kill($0.box.firstProcess, 0) != 0 })
    }

    @Test("A box that nobody holds any more ends, in whatever state it is") func objectsEndBoxes() throws {
        var box: Box? = try shell("sleep 1000").box
        box = nil
        box = try shell("sleep 1000").box
        try box?.start()
        let first = try #require(box?.firstProcess)
        #expect(kill(first, 0) == 0)
        box = nil
        #expect(kill(first, 0) != 0)
    }

    @Test("When a launcher is killed at once, its box ends", .enabled(if: getuid() == 0)) func killedLaunchersEndBoxes() throws {
        let box = try shell("sleep 1000").box
        try box.start()
        let bubblewrap = try #require(parent(of: box.firstProcess)), launcher = try #require(parent(of: bubblewrap))
        kill(launcher, SIGKILL)
        // Dead is dead, though not everywhere the system's first process sees to the dead at once.
        func isDead(_ process: pid_t) -> Bool { status(of: process, "State:").map { $0.hasPrefix("Z") } ?? true }
        for _ in 0..<5_000 where !isDead(bubblewrap) || !isDead(box.firstProcess) { usleep(2_000) }
        #expect(isDead(bubblewrap) && isDead(box.firstProcess))
        #expect(box.finish().reason == .ended)
    }

    @Test("The control groups of a launcher that is gone go with the next one", .enabled(if: getuid() == 0)) func groupsAreCleared() throws {
        guard try Arena.sandbox.get().level == .full else { return }
        let box = try shell("sleep 1000").box
        try box.start()
        let launcher = try #require(parent(of: parent(of: box.firstProcess) ?? 0))
        let own = try #require(groups(of: [launcher]).first)
        let gone = try ChildProcess("/bin/true", [])
        gone.wait()
        let left = (own as NSString).deletingLastPathComponent + "/etude-box-\(gone.identifier)"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
        _ = try arena.get().inBox(Attack(name: "users", control: ""), of: Arena.sandbox.get())
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(FileManager.default.fileExists(atPath: own))
    }

    @Test("A box starts for a user who has more processes than it may have, and counts its own only", .enabled(if: getuid() == 0))
    func processesAreCountedInside() throws {
        let sandbox = try Arena.usersSandbox.get()
        let others = try (0..<80).map { _ in
            try ChildProcess("/usr/bin/setpriv", ["--reuid=4321", "--regid=4321", "--clear-groups", "sleep", "1000"])
        }
        defer { for other in others { other.end() } }
        #expect(try arena.get().inBox(Attack(name: "users", control: ""), of: sandbox).reason == .exited(Attack.held))
        #expect(try arena.get().inBox(Attack(name: "fork-bomb", control: ""), of: sandbox).reason == .exited(Attack.held))
    }

    @Test("For root, the user of a box is nobody on the host", .enabled(if: getuid() == 0)) func ownUser() throws {
        let box = try shell("cat; id -u").box
        try box.start()
        let status = try String(contentsOfFile: "/proc/\(box.firstProcess)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Uid:") })
        let users = line.split(whereSeparator: \.isWhitespace).dropFirst().compactMap { UInt32($0) }
        #expect(users.count == 4 && users.allSatisfy { $0 >= 61_000 && getpwuid($0) == nil })
    }

    @Test("A person's program is not run where there is no box: the sentence says what to do") func refusals() throws {
        #expect { try Sandbox(launcher: "/nowhere/etude-sandbox") } throws: { "\($0)".contains("/nowhere/etude-sandbox is missing") }
        let program = Arena.programs + "/etude-sandbox"
        // One that does nothing, in bubblewrap's place; and one that makes no box.
        #expect { try Sandbox(launcher: program, program: program, bubblewrap: "/bin/false") } throws: {
            ($0 as? SandboxRefusal)?.description.contains("bubblewrap could not make the box") ?? false
        }
        #expect { try Sandbox(launcher: program, program: program, bubblewrap: "/nowhere/bwrap") } throws: { $0 is SandboxRefusal }
        #expect {
            _ = try Box(
                Arena.sandbox.get(), .session, limits: .tool, shows: [Shown("/nowhere", as: "/x")], program: "/x")
        } throws: { "\($0)".contains("/nowhere, which the box has to show, is missing") }
    }

    @Test("A tool that writes without end is ended, and what it wrote is kept in part") func outputIsBounded() throws {
        let sandbox = try Arena.sandbox.get()
        let result = try sandbox.run(
            "/etude/attacks", ["endless-output", "0", "0", "/"], shows: [Shown(Arena.attacks, as: "/etude/attacks")], outputLimit: 1 << 20)
        #expect(result.end.reason == .ended)
        #expect(result.output.count >= 1 << 20 && result.output.count < 3 << 20)
    }

    @Test("A person's wish to stop ends a tool") func interruptionEndsTools() throws {
        let interruption = try Interruption()
        interruption.request()
        let result = try Arena.sandbox.get().run(
            "/etude/attacks", ["endless-sleep", "0", "0", "/"], shows: [Shown(Arena.attacks, as: "/etude/attacks")], interruption: interruption)
        #expect(result.wasInterrupted && !result.succeeded)
    }

    // MARK: Help

    /// A box with a shell, made and not yet started.
    private func shell(_ script: String, _ kind: Box.Kind = .session, _ sandbox: Sandbox? = nil) throws -> (box: Box, output: Descriptor) {
        let output = try Descriptor.pipe()
        var limits = Arena.limits(for: Attack(name: "", control: ""))
        limits.duration = .seconds(120)
        let box = try Box(
            sandbox ?? Arena.sandbox.get(), kind, limits: limits,
            shows: ["/bin", "/usr/bin", "/lib", "/usr/lib"].map { Shown($0, as: $0) }, environment: ["PATH": "/bin:/usr/bin"], program: "/bin/sh", ["-c", script],
            descriptors: [1: output.writing.number])
        output.writing.close()
        return (box, output.reading)
    }

    /// The control groups that some launchers have made.
    private func groups(of launchers: [pid_t]) -> [String] {
        let found = (try? run("/usr/bin/find", ["/sys/fs/cgroup", "-name", "etude-box-*"]).output) ?? []
        return String(decoding: found, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { path in launchers.contains { path.hasSuffix("-\($0)") } }
    }

    private func parent(of process: pid_t) -> pid_t? { status(of: process, "PPid:").flatMap { pid_t($0) } }

    private func status(of process: pid_t, _ name: String) -> String? {
        let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        return status?.split(separator: "\n").first { $0.hasPrefix(name) }?.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
    }
}

