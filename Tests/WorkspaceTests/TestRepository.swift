import Foundation
import Processes
import Testing
@testable import Workspace

/// A folder with a repository in it, gone with the value; git's own program is asked what it thinks of it.
final class TestRepository {
    let folder: String
    /// Git's settings and the learner's home are those of the test alone.
    let home: String

    /// - Parameter setUp: lines for a shell in the empty folder.
    init(_ setUp: String = "git init -q -b main .") throws {
        let place = NSTemporaryDirectory() + "etude-workspace-\(UUID().uuidString)"
        (folder, home) = (place + "/work", place + "/home")
        for path in [folder, home] { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        try shell(setUp)
    }

    deinit { try? FileManager.default.removeItem(atPath: (folder as NSString).deletingLastPathComponent) }

    /// A repository with a commit, and every state that work in progress has.
    static func withWork() throws -> TestRepository {
        try TestRepository("""
            git init -q -b main . && echo one > a.swift && echo two > b.swift && git add . && git commit -q -m first
            echo changed >> a.swift && git add a.swift && echo again >> a.swift && echo new > c.swift
            printf '#!/bin/sh\\ntouch "$(git rev-parse --git-dir)/hook-ran"\\n' > .git/hooks/reference-transaction
            cp .git/hooks/reference-transaction .git/hooks/post-commit; chmod +x .git/hooks/*
            """)
    }

    private var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": home, "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.org", "GIT_COMMITTER_NAME": "Test", "GIT_COMMITTER_EMAIL": "test@example.org",
        ]
    }

    @discardableResult
    func shell(_ commands: String, in subfolder: String = ".") throws -> String {
        let result = try run("/bin/sh", ["-e", "-c", commands], environment: environment, workingDirectory: "\(folder)/\(subfolder)", deadline: .seconds(60))
        try #require(result.succeeded, "\(commands)\n\(result.errorText)")
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What git's own check has to say; nothing when all is well.
    func complaints(in subfolder: String = ".") throws -> String {
        try shell("git fsck --strict --full --no-dangling --no-progress 2>&1 | grep -v '^notice: HEAD points to an unborn branch\\|^notice: No default references' || true", in: subfolder)
    }

    /// Every file's name, bytes and time of change, apart from the objects and what is Etude's.
    func contents() throws -> [String] {
        try shell("""
            find . \\( -path ./.git/objects -o -path ./.git/refs/etude -o -path ./.git/etude \\) -prune -o -type f -printf '%p %s %T@ %C@ ' -exec sha1sum {} \\; | grep -v '^./.git/refs ' | sort
            """).split(separator: "\n").map(String.init)
    }

    func open(_ subfolder: String = ".", trust: Repository.Trust = .own) throws -> Repository { try Repository(containing: "\(folder)/\(subfolder)", trust: trust) }
    func attempts(_ subfolder: String = ".", at exercise: ExerciseName = .first) throws -> Attempts { Attempts(at: exercise, in: try open(subfolder)) }
}

extension ExerciseName {
    static let first = ExerciseName("embeddings/1")!
}

extension Attempt {
    /// An attempt that differs from others by its number.
    static func number(_ number: Int, at exercise: ExerciseName = .first) -> Attempt {
        Attempt(
            exercise: exercise, courseVersion: "2.1 béta", file: "1-embedding-layers.swift",
            date: Date(timeIntervalSince1970: 1_700_000_000 + Double(number) * 1.001), results: [
                .init(problem: "biasLayer", outcome: number % 2 == 0 ? .correct : .incorrect, points: 0.5, maximum: 1, mistake: number % 2 == 0 ? nil : "bias per user"),
                .init(problem: "all.part 2", outcome: .notAttempted),
            ],
            changedCells: ["cell \(number)", "größe%"], notebook: Data("let answer = \(number)\r\n\u{0}".utf8))
    }
}

/// The program that records until it is ended.
enum Recorder {
    static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/attempt-recorder"
}
