// swift-tools-version: 6.0
import Foundation
import PackageDescription

// The toolchain ships swift-syntax built; building it from source would cost minutes.
// It is found from the compiler on PATH, or from ETUDE_TOOLCHAIN.
let toolchainHostLibraries: String = {
    let environment = ProcessInfo.processInfo.environment
    let onPath = (environment["PATH"] ?? "").split(separator: ":").map { folder in
        URL(fileURLWithPath: String(folder)).appendingPathComponent("swiftc").resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().path
    }
    for toolchain in [environment["ETUDE_TOOLCHAIN"]].compactMap({ $0 }) + onPath {
        let folder = toolchain + "/lib/swift/host"
        if FileManager.default.fileExists(atPath: folder + "/libSwiftParser.so") { return folder }
    }
    return "/usr/lib/swift/host"
}()

let useToolchainSwiftSyntax: [SwiftSetting] = [.unsafeFlags(["-I", toolchainHostLibraries])]
let linkToolchainSwiftSyntax: [LinkerSetting] = [
    .unsafeFlags([
        "-L", toolchainHostLibraries, "-lSwiftParser", "-lSwiftSyntax", "-lSwiftOperators",
        "-Xlinker", "-rpath", "-Xlinker", toolchainHostLibraries,
    ])
]

// Cells must not need our C modules, nor the host swift-syntax, so their imports are implementation only, which the
// compiler warns of in every file; a person who builds Etude to use it need not read that.
let quietInRelease: [SwiftSetting] = [.unsafeFlags(["-suppress-warnings"], .when(configuration: .release))]

let package = Package(
    name: "Etude",
    products: [
        .executable(name: "etude", targets: ["etude"]),
        .executable(name: "etude-session", targets: ["etude-session"]),
        .executable(name: "etude-checker", targets: ["etude-checker"]),
        .executable(name: "etude-sandbox", targets: ["etude-sandbox"]),
        .executable(name: "etude-reader", targets: ["etude-reader"]),
        .library(
            name: "Etude", type: .dynamic,
            targets: ["Display", "Training", "DataFrames", "Plotting", "Lessons", "SessionRuntime"]),
        .library(
            name: "EtudeGrading", type: .dynamic,
            targets: ["Training", "DataFrames", "Grading", "CheckerRuntime"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Wire: what crosses between the processes.
        .target(name: "Display", path: "Sources/Wire/Display"),
        .target(name: "Wire", dependencies: ["Display"], path: "Sources/Wire/Wire"),

        // Learner: what a cell can import.
        .target(
            name: "CTrainingKernels", path: "Sources/Learner/CTrainingKernels",
            cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off"])]),
        .target(
            name: "Training", dependencies: ["Display", "CTrainingKernels"], path: "Sources/Learner/Training",
            swiftSettings: quietInRelease),
        .target(name: "DataFrames", dependencies: ["Display", "Training"], path: "Sources/Learner/DataFrames"),
        .target(
            name: "Plotting", dependencies: ["Display", "DataFrames", "Training"], path: "Sources/Learner/Plotting"),
        .target(
            name: "Lessons", dependencies: ["Display", "Wire"], path: "Sources/Learner/Lessons"),

        // Session: the process in which cells live.
        .target(name: "CSession", path: "Sources/Session/CSession"),
        .target(
            name: "SessionRuntime",
            dependencies: ["Display", "Wire", "Training", "DataFrames", "Plotting", "Lessons", "CSession"],
            path: "Sources/Session/SessionRuntime", swiftSettings: quietInRelease),
        .executableTarget(name: "etude-session", dependencies: ["CSession"], path: "Sources/Session/etude-session"),

        // Sandbox: the process that starts programs of strangers in a box. Linked as a whole, so that it starts in no time.
        .executableTarget(
            name: "etude-sandbox", path: "Sources/Sandbox/etude-sandbox",
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-executable"])]),

        // Checker: the process that judges.
        .target(name: "Grading", dependencies: ["Display", "Training", "DataFrames", "Wire"], path: "Sources/Checker/Grading"),
        .target(name: "CheckerRuntime", dependencies: ["Grading", "Wire"], path: "Sources/Checker/CheckerRuntime"),
        .executableTarget(name: "etude-checker", path: "Sources/Checker/etude-checker"),

        // Engine: the host's machinery.
        .target(name: "CProcesses", path: "Sources/Engine/CProcesses"),
        .target(name: "Processes", dependencies: ["CProcesses"], path: "Sources/Engine/Processes"),
        .target(name: "Sandbox", dependencies: ["CProcesses", "Processes"], path: "Sources/Engine/Sandbox"),
        .target(name: "Notebook", path: "Sources/Engine/Notebook"),
        .target(name: "CLibClang", path: "Sources/Engine/CLibClang"),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/Engine/COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "CellCompiler",
            dependencies: ["Processes", "Sandbox", "CLibClang", "COpenSSL"],
            path: "Sources/Engine/CellCompiler",
            swiftSettings: useToolchainSwiftSyntax + quietInRelease, linkerSettings: linkToolchainSwiftSyntax),
        .executableTarget(
            name: "etude-reader", dependencies: ["CellCompiler"], path: "Sources/Engine/etude-reader",
            swiftSettings: useToolchainSwiftSyntax, linkerSettings: linkToolchainSwiftSyntax),
        .target(
            name: "Sessions", dependencies: ["Wire", "Display", "Processes", "Sandbox", "Notebook", "CellCompiler"],
            path: "Sources/Engine/Sessions"),
        .target(
            name: "Courses", dependencies: ["Wire", "Notebook", "CellCompiler", "Sessions", "Processes"],
            path: "Sources/Engine/Courses"),
        .target(name: "CGit2", path: "Sources/Engine/CGit2", linkerSettings: [.linkedLibrary("git2"), .linkedLibrary("z")]),
        .systemLibrary(name: "CZip", path: "Sources/Engine/CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .target(
            name: "Workspace", dependencies: ["Wire", "Processes", "Notebook", "CellCompiler", "Courses", "CGit2", "COpenSSL", "CZip"],
            path: "Sources/Engine/Workspace"),
        .target(
            name: "Gradebook", dependencies: ["Wire", "Notebook", "Workspace", .product(name: "GRDB", package: "GRDB.swift")],
            path: "Sources/Engine/Gradebook"),

        // Faces: ways to meet it.
        .systemLibrary(
            name: "CMarkGFM", path: "Sources/Faces/CMarkGFM", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .target(name: "Figures", dependencies: ["Display", "Processes"], path: "Sources/Faces/Figures"),
        .target(name: "Terminal", dependencies: ["Display", "Figures", "Processes", "CMarkGFM"], path: "Sources/Faces/Terminal"),
        .executableTarget(
            name: "etude",
            dependencies: [
                "Workspace", "Courses", "Sessions", "CellCompiler", "Notebook", "Processes", "Display", "Wire", "Terminal", "Figures",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Faces/etude"),

        .executableTarget(
            name: "cell-latency", dependencies: ["Sessions", "CellCompiler", "Processes", "Display", "Wire"], path: "Benchmarks/CellLatency"),
        .executableTarget(
            name: "snapshots", dependencies: ["Courses", "Sessions", "CellCompiler", "Notebook", "Display", "Wire"],
            path: "Benchmarks/Snapshots"),

        .executableTarget(name: "attempt-times", dependencies: ["Workspace", "Courses", "Processes", "Wire"], path: "Benchmarks/Attempts"),

        .executableTarget(name: "gradebook-rates", dependencies: ["Gradebook", "Workspace", .product(name: "GRDB", package: "GRDB.swift")], path: "Benchmarks/Gradebook"),
        .executableTarget(
            name: "boxes", dependencies: ["Sandbox", "Sessions", "CellCompiler", "Processes", "Display", "Wire"], path: "Benchmarks/Boxes"),

        .target(name: "Tiers", path: "Tests/Tiers"),
        .executableTarget(name: "attempt-recorder", dependencies: ["Workspace", "Courses"], path: "Tests/AttemptRecorder"),
        .executableTarget(name: "grading-worker", dependencies: ["Gradebook", "Workspace"], path: "Tests/GradingWorker"),
        .testTarget(name: "DisplayTests", dependencies: ["Display"]),
        .testTarget(name: "WireTests", dependencies: ["Tiers", "Wire"]),
        .testTarget(name: "TrainingTests", dependencies: ["Tiers", "Training", "CTrainingKernels"], resources: [.copy("Fixtures")]),
        .testTarget(name: "DataFramesTests", dependencies: ["Tiers", "DataFrames"], resources: [.copy("Fixtures")]),
        .testTarget(name: "PlottingTests", dependencies: ["Plotting"]),
        .testTarget(name: "GradingTests", dependencies: ["Grading", "CheckerRuntime", "DataFrames", "Wire", "Processes"]),
        .testTarget(name: "ProcessesTests", dependencies: ["Processes"]),
        .executableTarget(
            name: "sandbox-attacks", path: "Tests/SandboxAttacks",
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-executable"])]),
        .testTarget(
            name: "SandboxTests", dependencies: ["Sandbox", "Sessions", "CellCompiler", "Processes", "Display", "Wire", "etude-sandbox", "etude-reader", "sandbox-attacks"]),
        .testTarget(name: "NotebookTests", dependencies: ["Tiers", "Notebook"], resources: [.copy("Fixtures")]),
        .testTarget(name: "CellCompilerTests", dependencies: ["Tiers", "CellCompiler"]),
        .testTarget(name: "SessionsTests", dependencies: ["Sessions", "Processes", "CellCompiler", "Display", "Wire"]),
        .testTarget(name: "CoursesTests", dependencies: ["Tiers", "Courses"]),
        .testTarget(name: "FiguresTests", dependencies: ["Tiers", "Figures"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "Figures", "Processes"]),
        .testTarget(name: "WorkspaceTests", dependencies: ["Workspace", "Courses", "Notebook", "Wire", "Processes", "Tiers", "attempt-recorder"]),
        .testTarget(
            name: "GradebookTests",
            dependencies: ["Gradebook", "Workspace", "Wire", "Processes", "Tiers", "grading-worker", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(name: "EndToEndTests", dependencies: ["Processes", "Tiers"]),
    ],
    swiftLanguageModes: [.v5]
)
