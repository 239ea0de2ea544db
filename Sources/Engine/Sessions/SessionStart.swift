import CellCompiler
import Foundation
import Sandbox

/// How a session's first process is started: on the host itself, or in a box, where all has other, neutral paths.
struct SessionStart {
    var program: String
    var arguments: [String]
    var environment: [String: String]
    var workingDirectory: String
    var box: SessionBox?
    /// What the box shows.
    var shows: [Shown] = []

    /// What a session is told of itself, wherever it runs.
    private static let variables = ["SWIFT_BACKTRACE": "enable=no", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"]

    init(_ configuration: NotebookSession.Configuration, toolchain: Toolchain) {
        let installation = configuration.installation, memory = String(configuration.limits.memory)
        box = configuration.box
        guard let box else {
            let libraries = Toolchain.sessionLibraries.map { "\(toolchain.runtimeLibraries)/\($0)" } + [installation.learnerLibrary] + configuration.libraries
            (program, arguments) = (installation.session, [memory] + libraries)
            environment = configuration.environment.merging(Self.variables) { $1 }
            workingDirectory = configuration.workingDirectory
            return
        }
        let own = configuration.libraries.map { Shown($0, as: "/etude/" + ($0 as NSString).lastPathComponent) }
        shows = [
            Shown(toolchain.runtimeLibraries, as: "/swift"), Shown(installation.session, as: "/etude/etude-session"),
            Shown(installation.learnerLibrary, as: "/etude/libEtude.so"),
        ] + own + (box.data.map { [Shown($0, as: "/data")] } ?? [])
        (program, workingDirectory) = ("/etude/etude-session", "/tmp")
        arguments = ["--confined", memory] + Toolchain.sessionLibraries.map { "/swift/\($0)" } + ["/etude/libEtude.so"] + own.map(\.inside)
        // Nothing of the host's environment.
        environment = Self.variables.merging(["LD_LIBRARY_PATH": "/swift:/etude"]) { $1 }
        if box.data != nil { environment["ETUDE_COURSE_DATA"] = "/data" }
    }
}
