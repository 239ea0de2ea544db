import Foundation
import Processes
import Testing

@testable import Courses

@Suite("A watched file") struct FileWatchTests {
    private final class Watched {
        let folder = Workshop.newFolder("watch")
        var path: String { folder + "/a.swift" }
        let watch: FileWatch

        init(asksSystem: Bool = true) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("one".utf8).write(to: URL(fileURLWithPath: folder + "/a.swift"))
            watch = try FileWatch(folder + "/a.swift", asksSystem: asksSystem)
        }
        deinit { try? FileManager.default.removeItem(atPath: folder) }

        /// The next event, with what the file held when it was told; nil when there is none for that long.
        func next(within time: Duration = .seconds(10)) -> (event: FileWatch.Event, text: String?)? {
            let end = ContinuousClock.now + time
            while .now < end {
                waitForDescriptors([(watch.descriptor, Int16(POLLIN))], until: end)
                if let event = watch.take() { return (event, try? String(contentsOfFile: path, encoding: .utf8)) }
            }
            return nil
        }
        func shell(_ script: String) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "cd '\(folder)'; " + script]
            try process.run()
        }
    }

    @Test("tells of a save once, when it is over, however it is made", arguments: [
        "printf two > a.swift", "printf two > b; mv b a.swift", "rm a.swift; printf two > a.swift", "mv a.swift a.bak; sleep 0.1; printf two > a.swift",
        ": > a.swift; sleep 0.15; printf two > a.swift", "(printf t; printf w; printf o) > a.swift",
        "for i in 1 2 3 4 5; do printf $i > a.swift; done; printf two > a.swift", "rm a.swift; printf two > other; ln -s other a.swift",
    ], [true, false])
    func saves(script: String, asksSystem: Bool) throws {
        let file = try Watched(asksSystem: asksSystem)
        try file.shell(script)
        let found = try #require(file.next())
        #expect(found.event == .saved && found.text == "two")
        #expect(file.next(within: .milliseconds(400)) == nil)
    }

    @Test("is gone when it stays away, and saved when it is back; an empty file that stays so is a save")
    func gone() throws {
        let file = try Watched()
        unlink(file.path)
        #expect(try #require(file.next()).event == .gone)
        try Data("two".utf8).write(to: URL(fileURLWithPath: file.path))
        #expect(try #require(file.next()).text == "two")
        truncate(file.path, 0)
        #expect(try #require(file.next()).text == "")
    }

    @Test("may have a folder that goes and comes back, and a link to another folder")
    func folders() throws {
        let file = try Watched()
        try file.shell("cd ..; mv '\(file.folder)' '\(file.folder)-old'; mkdir '\(file.folder)'; printf two > '\(file.path)'; rm -r '\(file.folder)-old'")
        #expect(try #require(file.next()).text == "two")
        try file.shell("mkdir far; printf three > far/b.swift; ln -sf far/b.swift a.swift")
        #expect(try #require(file.next()).text == "three")
        try file.shell("printf four > far/c; mv far/c far/b.swift")
        #expect(try #require(file.next()).text == "four")
    }

    @Test("that nobody touches says nothing")
    func quiet() throws {
        let file = try Watched()
        try file.shell("printf x > other; cat a.swift")
        #expect(file.next(within: .milliseconds(300)) == nil)
    }
}
